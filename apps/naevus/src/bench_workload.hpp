#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace naevus::app {

/// Pictures that something is measured on, under one name.
struct Workload {
  std::string name;
  std::vector<std::filesystem::path> files;
};

/// Synthetic lesions of this size as JPEGs in the folder: the same everywhere.
Workload generated(const std::filesystem::path& folder, int width, int height);

double median(std::vector<double> values);

}  // namespace naevus::app
