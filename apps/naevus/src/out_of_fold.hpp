#pragma once
#include <cstdint>
#include <filesystem>

#include "naevus/base/parallel.hpp"
#include "naevus/dataset/manifest.hpp"

namespace naevus::app {

struct OutOfFoldOptions {
  std::filesystem::path config;  ///< the recipe of each training
  std::filesystem::path folder;  ///< for the runs and the result; what stands there is gone on with
  int folds = 5;
  std::uint64_t seed = 1;
};

/// Probabilities for every picture by a model that was not trained on it: one training per fold, whose test fold is
/// then classified. Copies and pictures of one lesion or patient stay in one fold.
/// @return the CSV with all of them, as `evaluate --predictions-out` writes it
/// @throws Cancelled; Error if a training fails
std::filesystem::path out_of_fold(const dataset::Manifest& manifest, const OutOfFoldOptions& options, WorkerPool& pool);

}  // namespace naevus::app
