#pragma once
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace naevus::dataset {

/// Predictions as a file: `image,label,p_<class>,...`, one row per picture, as `naevus evaluate --predictions-out`
/// writes them.
struct PredictionTable {
  std::filesystem::path path;
  std::vector<std::string> classes;  ///< in the order of the columns
  bool has_labels = false;           ///< whether there is a column `label`
  std::string challenge;             ///< that it was handed in to, "isic2018"; empty: none
  bool by_id = false;                ///< pictures are named by their file names alone, without folder and extension
  std::vector<std::string> image;
  std::vector<std::string> label;     ///< empty texts without the column
  std::vector<double> probabilities;  ///< in [0, 1], with sum 1 within 0.001; [rows, classes], row-major
  std::vector<std::size_t> line;      ///< of each row in the file

  /// Row of each picture by its name (picture_name); of a picture that stands twice, the first.
  std::map<std::string, std::size_t> row_of_image;

  /// The name under which a manifest's picture stands in row_of_image.
  std::string name_of(const std::string& image) const;
};

/// The name under which pictures of a manifest and of predictions are matched: the path without "./" and "x/..".
std::string picture_name(const std::string& image);

/// Reads such a file, or one that was handed in to an ISIC challenge (submission.hpp), which its header tells.
/// @throws IoError; InputError naming the line: a column is missing, fewer than two classes, a probability is no number
/// or out of range, the sum is not 1, a picture stands twice with different numbers
PredictionTable read_prediction_table(const std::filesystem::path& path);

}  // namespace naevus::dataset
