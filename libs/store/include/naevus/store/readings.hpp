#pragma once
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "naevus/store/database.hpp"
#include "naevus/store/predictions.hpp"
#include "naevus/store/types.hpp"

namespace naevus::store {

/// The class that one reader holds a picture to be, by what the reader said last of any answer about it.
struct Opinion {
  std::string reader;  ///< an actor's id
  std::string label;
  bool histopathology = false;
  Time at;
};

/// A kept picture of which readers named the class.
struct ReadPicture {
  Prediction first;               ///< the first answer about it, by a model that can't have learned from its readers
  std::vector<Opinion> opinions;  ///< one a reader, the newest last; never empty
};

/// Every picture that somebody gave a class, by their first answers' age, the oldest first. Who was unsure last gives
/// none.
std::vector<ReadPicture> read_pictures(Database& database);

/// The class that one reader named last of one prediction, beside the model's.
struct Reading {
  std::string prediction;  ///< its id
  std::string reader;      ///< an actor's id
  std::string label;
  std::string predicted_class;
};

/// Every reader's newest of every prediction, unless they were unsure, that was said then or later.
/// @param most  the newest so many
std::vector<Reading> newest_readings(Database& database, Time since, std::size_t most);

/// Of the kept pictures those that a model learned from (Model::pictures), by PictureFolder's hash; none of a model
/// that is not there.
std::set<std::string> learned_pictures(Database& database, const std::string& model_sha256);

}  // namespace naevus::store
