#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "naevus/store/database.hpp"
#include "naevus/store/predictions.hpp"
#include "naevus/store/types.hpp"

namespace naevus::store {

enum class Verdict { agrees, corrects, unsure };

/// "agrees", "corrects", "unsure".
std::string_view name(Verdict verdict);

/// @throws InputError if it is the name of none
Verdict parse_verdict(const std::string& text);

/// What one reader says of one prediction.
struct Feedback {
  std::string id;          ///< given by add_feedback
  Time created_at;         ///< given by add_feedback
  std::string reader;      ///< the actor's id; given by add_feedback
  std::string prediction;  ///< its id
  Verdict verdict = Verdict::unsure;
  std::string label;            ///< the class that the reader holds it to be; given by add_feedback where they agree
  bool histopathology = false;  ///< the label was confirmed by histopathology
  std::string comment;
  bool superseded = false;  ///< the same reader has said something newer
};

/// Keeps what the actor says. The newest of each reader counts; the older ones are kept.
/// @return as kept; nothing where there is no such prediction
/// @throws InputError if a correction names no class of the prediction, or its own; if what is not a label is confirmed
std::optional<Feedback> add_feedback(Database& database, const Actor& actor, Feedback feedback);

enum class TakingBack {
  done,
  no_such_feedback,
  another_readers,
  superseded,  ///< the reader has said something newer, which has to be taken back first
};

struct TakenBack {
  TakingBack outcome = TakingBack::no_such_feedback;
  std::optional<Feedback> counts_again;  ///< what the reader had said before
  std::vector<ModelVersion> trained_on;  ///< the models that learned from the picture, whoever's label it had
};

/// Removes the newest that the actor said of a prediction; what they had said before counts again. A model that learned
/// from it meanwhile stays as it is: the next one learns from what is left.
TakenBack take_back_feedback(Database& database, const Actor& actor, const std::string& prediction,
                             const std::string& id);

/// All that was said of a prediction, oldest first.
std::vector<Feedback> feedback_of(Database& database, const std::string& prediction);

}  // namespace naevus::store
