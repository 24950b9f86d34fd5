#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "naevus/store/database.hpp"
#include "naevus/store/types.hpp"

namespace naevus::store {

/// Where a model came from: a file that somebody gave, or a training on what was kept here.
enum class ModelOrigin { file, retrain };

/// "file", "retrain".
std::string_view name(ModelOrigin origin);

/// A model that was entered here. Its file stands in ModelFolder.
struct Model {
  std::string name;
  std::string version;                ///< empty for add_model: the next number of that name
  std::string sha256;                 ///< of the file, 64 hexadecimal digits: what tells models apart
  std::string parent_sha256;          ///< of the model that it was trained from; may be empty
  std::string data_hash;              ///< of its training manifest; may be empty
  std::vector<std::string> pictures;  ///< PictureFolder's hashes of those kept pictures that it learned from; what
                                      ///< reads models leaves it empty
  ModelOrigin origin = ModelOrigin::file;
  std::string note;  ///< of who entered it, such as the outcome of the tests that it passed; at most 64 KiB
  Time created_at;   ///< given by add_model
};

/// Enters a model. A file that is there already stays as it is.
/// @return as kept, without its pictures
/// @throws InputError if another file has this name and version
Model add_model(Database& database, const Actor& actor, const Model& model);

/// All models, oldest first.
std::vector<Model> list_models(Database& database);

std::optional<Model> find_model(Database& database, const std::string& sha256);
std::optional<Model> find_model(Database& database, const std::string& name, const std::string& version);

/// Which model has which part. All of it follows from rows that are only added, one for each change.
struct ModelParts {
  std::int64_t change = 0;       ///< the last change's number; it grows
  std::optional<Model> serving;  ///< answers
  std::optional<Model> before;   ///< what roll_back would bring back
  std::optional<Model> shadow;   ///< looks at the same pictures, and is not heard
};
ModelParts model_parts(Database& database);

/// ModelParts::change alone, for who asks often.
std::int64_t last_model_change(Database& database);

/// From now on this model answers. Where it was the shadow, there is none then.
/// @param reason  why, for people, kept without blanks around it; may be empty
/// @return false where it answers already, and nothing is entered
/// @throws InputError if there is no such model, or the reason is no text or longer than 1000 bytes
bool promote(Database& database, const Actor& actor, const std::string& sha256, const std::string& reason = {});

/// Undoes the last promotion that was not undone: the model before it answers again.
/// @param reason  as promote
/// @return the model that answers now
/// @throws InputError if no other answered before, or as promote of the reason
Model roll_back(Database& database, const Actor& actor, const std::string& reason = {});

/// Lets a model look on, in the place of another, or none.
/// @return false where nothing changes
/// @throws InputError if there is no such model, or it is the one that answers
bool set_shadow(Database& database, const Actor& actor, const std::optional<std::string>& sha256);

/// A change of the parts.
struct ModelChange {
  Time at;
  std::string actor;
  std::string kind;  ///< "promoted", "rolled_back", "shadow" (it looks on) or "shadow_ended"
  Model model;       ///< that answers, looks on, or looks on no more
  std::string reason;
};

struct ModelHistory {
  std::vector<ModelChange> changes;  ///< newest first
  std::string next;                  ///< the cursor of the page that follows; empty at the end
};

/// One page of all changes.
/// @throws InputError if the cursor is not one that a page gave
ModelHistory model_history(Database& database, std::size_t limit, const std::string& cursor = {});

/// How often a shadow and the model that answered said the same.
struct Agreement {
  std::string served_sha256;
  std::int64_t pictures = 0;
  std::int64_t same_class = 0;     ///< the most probable class
  std::int64_t same_decision = 0;  ///< above the threshold, below it, refused
};

/// Adds to what was counted before; no entry in the audit log.
/// @throws InputError if there is no such model
void add_agreement(Database& database, const std::string& shadow_sha256, const Agreement& counted);

/// One for each model beside which it looked on.
std::vector<Agreement> agreements_of(Database& database, const std::string& shadow_sha256);

}  // namespace naevus::store
