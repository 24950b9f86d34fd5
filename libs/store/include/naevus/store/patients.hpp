#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "naevus/store/database.hpp"
#include "naevus/store/picture_folder.hpp"
#include "naevus/store/predictions.hpp"
#include "naevus/store/types.hpp"

namespace naevus::store {

/// A patient is whom predictions and lesions name by one key: the caller's own pseudonym.
struct Patient {
  std::string key;
  std::int64_t predictions = 0, lesions = 0;
  Time last_at;  ///< when the newest of them was made
};

struct PatientPage {
  std::vector<Patient> patients;  ///< by key
  std::string next;               ///< the cursor of the page that follows; empty at the end
};

/// One page of all patients. Following `next` from an empty cursor on, every patient who was there at the start comes
/// exactly once.
/// @param limit  1 to 1000 patients
/// @throws InputError if the limit is out of range
PatientPage patients(Database& database, std::size_t limit, const std::string& cursor = {});

/// What was erased of a patient.
struct ErasedPatient {
  std::int64_t predictions = 0, lesions = 0;
  std::vector<std::string> pictures;     ///< removed: those that no other patient's prediction has
  std::vector<ModelVersion> trained_on;  ///< the models that learned from one of the patient's pictures
};

/// Erases all that is kept of a patient: predictions, their feedback, their pictures where no other prediction has
/// them, lesions.
/// @return nothing where there is no such patient
std::optional<ErasedPatient> erase_patient(Database& database, const PictureFolder& pictures, const Actor& actor,
                                           const std::string& key);

/// A place on a drawing of the body.
struct BodyPoint {
  std::string view;     ///< "anterior", "posterior", "left", "right": the side of the body that the drawing shows
  double x = 0, y = 0;  ///< in [0, 1], from the drawing's left and top
};

/// What its makers may say of a lesion. Empty texts and an absent point were not said.
struct LesionWords {
  std::optional<BodyPoint> point;
  std::string site;  ///< as in a manifest: "back", "lower extremity", …
  std::string note;
};

/// A lesion of a patient, which predictions are filed under.
struct Lesion {
  std::string id;  ///< 32 hexadecimal digits
  Time created_at;
  std::string actor;  ///< who entered it
  std::string patient_key;
  LesionWords words;
  std::int64_t predictions = 0;
};

/// @throws InputError if the key is empty or no text, the view is none of BodyPoint's, a coordinate is out of range, or
///         a text is too long (site 100, note 4000 bytes)
Lesion add_lesion(Database& database, const Actor& actor, const std::string& patient_key, const LesionWords& words);

/// A patient's lesions, oldest first.
std::vector<Lesion> lesions_of(Database& database, const std::string& patient_key);

std::optional<Lesion> find_lesion(Database& database, const std::string& id);

/// What is to be said otherwise; the rest stays.
struct LesionChange {
  std::optional<std::optional<BodyPoint>> point;
  std::optional<std::string> site, note;
};
/// @return as it is now; nothing where there is no such lesion
/// @throws InputError as add_lesion
std::optional<Lesion> change_lesion(Database& database, const Actor& actor, const std::string& id,
                                    const LesionChange& change);

/// Removes a lesion. The predictions that were filed under it stay.
/// @return false where there is no such lesion
bool remove_lesion(Database& database, const Actor& actor, const std::string& id);

/// Files a prediction under a lesion, or under none where `lesion` is empty. A prediction that names no patient is that
/// lesion's patient's from now on.
/// @return as it is now; nothing where there is no such prediction
/// @throws InputError if the lesion is not there, or is another patient's
std::optional<Prediction> file_prediction(Database& database, const Actor& actor, const std::string& prediction,
                                          const std::string& lesion);

}  // namespace naevus::store
