#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "naevus/train/config.hpp"

namespace naevus::train {

/// The pictures of one part that training uses.
struct Samples {
  std::vector<std::filesystem::path> files;
  std::vector<int> labels;  ///< indices into TrainingData::classes

  std::size_t size() const { return files.size(); }
  /// Leaves out those at these rising indices.
  void remove(const std::vector<std::size_t>& indices);
};

struct TrainingData {
  std::vector<std::string> classes;    ///< in alphabetical order
  std::vector<std::string> malignant;  ///< of classes
  Samples train, validation;
  std::string hash;  ///< of what decides the run: image, label and part of every entry used
};

/// Reads the manifest through the label map.
/// @throws IoError; InputError: a label that the map does not know, a picture without label, no training or validation
/// part, fewer than two
///         classes, a class without training pictures
TrainingData load_data(const Config& config);

/// @throws InputError if there are fewer than two classes, or one without training pictures (after broken pictures were
/// left out)
void check_classes(const TrainingData& data, const std::string& manifest);

}  // namespace naevus::train
