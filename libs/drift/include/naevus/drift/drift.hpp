#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "naevus/base/parallel.hpp"
#include "naevus/image/quality.hpp"
#include "naevus/metrics/stability.hpp"
#include "naevus/model/card.hpp"

namespace naevus::drift {

/// Numbers by their measure: "sharpness", "brightness", "contrast", "entropy", "blockiness", "lesion_area" (where a
/// lesion was found) of the picture; "malignant" (the share, where there are malignant classes) and "ood_score" of the
/// answer.
using Measures = std::map<std::string, double>;

Measures measures_of(const image::Quality& quality);

/// The same of files, in their order; empty for one that can't be read.
/// @throws Cancelled
std::vector<Measures> measure_files(std::span<const std::filesystem::path> files, WorkerPool& pool,
                                    const StopToken& stop = {});

/// One picture and what a model said of it.
struct Observation {
  std::string predicted;  ///< class
  Measures measures;
};

/// What the card's model answered, without the measures of the pictures themselves.
/// @param probabilities  calibrated; row-major [n, classes]
/// @param ood_score      shape [n]; empty where it is not known
std::vector<Observation> observations_of(const model::Card& card, std::span<const double> probabilities,
                                         std::span<const double> ood_score);

/// Ten bins of each measure that hold about equally many of these pictures.
/// @param of  these pictures, in words
model::Reference reference_of(std::span<const Observation> observations, const std::vector<std::string>& classes,
                              std::string of);

enum class Verdict {
  unknown,   ///< there is nothing to compare: no answer, or a measure without spread
  stable,    ///< PSI below 0.1
  unproven,  ///< PSI of 0.1 or more, as chance gives with so few answers
  moderate,  ///< PSI of 0.1 to 0.25, and more than chance
  shifted,   ///< PSI above 0.25, and more than chance
};
/// "unknown", "stable", …
const char* name(Verdict verdict);

/// How one measure has moved.
struct Change {
  std::string measure;  ///< or "predicted": the classes
  Verdict verdict = Verdict::unknown;
  std::optional<metrics::Stability> stability;
  std::vector<double> edges;                      ///< inner ones; none of "predicted", whose bins are the classes
  std::vector<std::uint64_t> reference, current;  ///< how many in each bin
};

/// More than chance: p-values below this, divided by how many measures there are (Bonferroni).
constexpr double significance = 0.05;

/// The classes first, then the reference's measures. What the reference does not know is left out.
std::vector<Change> changes(const model::Reference& reference, const std::vector<std::string>& classes,
                            std::span<const Observation> now);

}  // namespace naevus::drift
