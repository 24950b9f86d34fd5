#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "naevus/base/csv.hpp"
#include "naevus/dataset/prediction_table.hpp"

// What the ISIC challenges on classification ask to be handed in: a CSV with one row per picture, named by its id.
namespace naevus::dataset {

enum class Challenge {
  isic2018,  ///< task 3: image,MEL,NV,BCC,AKIEC,BKL,DF,VASC
  isic2019,  ///< image,MEL,NV,BCC,AK,BKL,DF,VASC,SCC,UNK
  isic2020,  ///< image_name,target: melanoma
  isic2024,  ///< isic_id,target: malignant
};

std::string to_string(Challenge challenge);  ///< "isic2018"
/// @throws UsageError naming the challenges that there are
Challenge challenge_from(const std::string& name);

/// The challenge whose columns these are.
std::optional<Challenge> challenge_of(const std::vector<std::string>& header);

/// Writes a model's answers as a challenge wants them.
class SubmissionWriter {
 public:
  /// @param malignant  of classes
  /// @throws InputError if a class has no column in the challenge, or it asks for what none of the classes is
  SubmissionWriter(Challenge challenge, const std::vector<std::string>& classes,
                   const std::vector<std::string>& malignant);

  std::string head() const;
  /// @param image          a path; its name without folder and extension is the id
  /// @param probabilities  of the classes, shape [classes]
  std::string line(const std::string& image, std::span<const double> probabilities) const;
  /// Columns that no class fills: they hold 0.
  const std::vector<std::string>& empty_columns() const { return empty_; }

 private:
  Challenge challenge_;
  std::vector<std::vector<std::size_t>> classes_of_;  // of each column after the first: those whose sum it holds
  std::vector<std::string> empty_;
};

/// Reads a submission. Classes have naevus' names: "mel", "nv", ...; those of isic2020 are "other" and "mel" (as of the
/// label map melanoma), of isic2024 "benign" and "malignant". Pictures have their ids for names
/// (PredictionTable::by_id).
/// @throws InputError naming line and column: a number that is none or out of [0, 1], a picture that stands twice, a
/// row whose confidences do not sum to 1 within 0.001
PredictionTable read_submission(const std::filesystem::path& path, const CsvTable& file, Challenge challenge);

}  // namespace naevus::dataset
