#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "naevus/infer/classifier.hpp"

namespace naevus::app {

/// Writes for each picture what the model looked at: the prepared picture, where what speaks for the class glows.
class SaliencyFiles {
 public:
  /// @param target  a folder (made when missing), or a file that ends in .png, .jpg or .jpeg, for a single picture
  /// @param inputs  files that are read and so never written: a map that would take such a name gets a number
  SaliencyFiles(std::filesystem::path target, const std::vector<std::filesystem::path>& inputs);

  bool is_file() const;

  /// @param name  of the picture, which names the file
  /// @throws InputError if the network has no pooled linear head; IoError if the file can't be written
  void write(const infer::Classifier& classifier, const std::string& name, const image::Image& prepared,
             std::size_t class_index);

 private:
  std::filesystem::path path_for(const std::string& name, const std::string& label);

  std::filesystem::path target_;
  std::set<std::filesystem::path> taken_;  ///< canonical
};

}  // namespace naevus::app
