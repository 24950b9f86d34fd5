#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "naevus/store/database.hpp"
#include "naevus/store/picture_folder.hpp"
#include "naevus/store/types.hpp"

namespace naevus::store {

/// One answer of a model about one picture. Empty texts and absent numbers were not said.
struct Prediction {
  std::string id;              ///< 32 hexadecimal digits; given by add_prediction
  Time created_at;             ///< given by add_prediction
  std::string actor;           ///< who asked; given by add_prediction
  std::string picture;         ///< PictureFolder's hash; given by add_prediction
  std::string picture_format;  ///< "jpeg", "png", …
  std::string model;           ///< the model's name
  std::string model_version;
  std::vector<std::string> classes;   ///< the model's, in its order
  std::vector<double> probabilities;  ///< calibrated; one a class
  std::vector<double> logits;         ///< one a class, or none
  std::optional<double> malignant_score;
  std::string decision;                     ///< of the score against its threshold: "malignant", "benign", …
  std::vector<std::string> prediction_set;  ///< classes
  std::optional<double> ood_score;
  std::vector<std::string> quality;        ///< what was wrong with the picture, as codes: "blurred", …
  std::map<std::string, double> measures;  ///< of the picture, by name: "sharpness", …
  std::optional<int> age;                  ///< years
  std::string sex;
  std::string site;
  std::string patient_key;      ///< the caller's own pseudonym for the patient
  std::string lesion;           ///< the id of that patient's lesion under which it is filed
  std::string idempotency_key;  ///< the caller's name of the request
  std::string source;           ///< "http", "live", …

  /// The most probable class, the first of equals.
  /// @throws std::out_of_range if there is none
  const std::string& predicted_class() const;
};

struct AddedPrediction {
  Prediction prediction;
  bool repeated = false;  ///< the actor had used the idempotency key before: this is the answer given then
};

/// Keeps a picture and what was answered about it. When it returns, both are on disk. One that is filed under a lesion
/// takes the patient key and the site that were not said from there.
/// @param kept  what the folder's put() said, where it was called already; else that is done here
/// @throws InputError if the numbers of classes, probabilities and logits differ or a number is not finite; if the
///         lesion is not there, or is another patient's
AddedPrediction add_prediction(Database& database, const PictureFolder& pictures, const Actor& actor,
                               Prediction prediction, std::span<const std::byte> picture,
                               std::optional<KeptPicture> kept = std::nullopt);

std::optional<Prediction> find_prediction(Database& database, const std::string& id);

/// What the actor was answered under that idempotency key; nothing where it is new.
std::optional<Prediction> find_repeated(Database& database, const Actor& actor, const std::string& idempotency_key);

/// Which predictions are wanted; an empty field lets all through.
struct HistoryFilter {
  std::optional<Time> from;   ///< this moment or later
  std::optional<Time> until;  ///< before this moment
  std::string model;
  std::string predicted_class;
  std::string decision;
  std::string patient_key;
  std::string lesion;
  std::string source;
  std::string actor;
};

struct HistoryPage {
  std::vector<Prediction> predictions;  ///< newest first
  std::string next;                     ///< the cursor of the page that follows; empty at the end
};

/// One page of the history. Following `next` from an empty cursor on, every prediction that was there at the start
/// comes exactly once, whatever is added meanwhile.
/// @param limit  1 to 1000 predictions
/// @throws InputError if the cursor is not one that a page gave, or the limit is out of range
HistoryPage history(Database& database, const HistoryFilter& filter, std::size_t limit, const std::string& cursor = {});

/// Of an answer what shows whether answers change over time.
struct RecentAnswer {
  Time created_at;
  std::string predicted_class;
  std::optional<double> malignant_score, ood_score;
  std::map<std::string, double> measures;
};

/// Of the last `most` answers of that model those that were given then or later; newest first.
std::vector<RecentAnswer> recent_answers(Database& database, const std::string& model, const std::string& model_version,
                                         std::size_t most, Time since);

/// A version of a model.
struct ModelVersion {
  std::string name, version;
  bool operator==(const ModelVersion&) const = default;
};

struct Erased {
  std::string picture;                   ///< its hash
  bool picture_removed = false;          ///< no other prediction has it
  std::vector<ModelVersion> trained_on;  ///< the models that learned from this picture
};

/// Erases a prediction, its feedback, and its picture when no other prediction has it.
/// @return nothing where there is no such prediction
std::optional<Erased> erase_prediction(Database& database, const PictureFolder& pictures, const Actor& actor,
                                       const std::string& id);

/// The ids of the oldest predictions that were made before then, at most `limit`.
std::vector<std::string> predictions_before(Database& database, Time before, std::size_t limit);

/// Removes a picture that no prediction has. None with it can be added meanwhile.
/// @return whether no prediction has it
bool forget_picture(Database& database, const PictureFolder& pictures, const Actor& actor, const std::string& picture);

/// Removes pictures that no prediction has: a crash between the picture's write and the prediction's leaves one.
/// @return how many
std::size_t sweep_pictures(Database& database, const PictureFolder& pictures);

}  // namespace naevus::store
