#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "naevus/base/parallel.hpp"
#include "naevus/dataset/manifest.hpp"
#include "naevus/evaluate/predictions.hpp"
#include "naevus/infer/classifier.hpp"
#include "naevus/metrics/bootstrap.hpp"

// What a model loses where pictures are worse than those of the test part (Hendrycks & Dietterich 2019).
namespace naevus::evaluate {

/// One way and strength of changing every picture.
struct Harm {
  std::string kind;      ///< "gaussian_noise", ..., "rotation", "crop"
  int severity = 1;      ///< 1 to 5
  std::string strength;  ///< in words where the severity has a unit: "15 degrees", "90 % of the side"; else empty
};

/// The 15 common corruptions, rotations (15, 30, 45, 60, 90 degrees) and crops (90, 80, 70, 60, 50 % of each side),
/// each at severities 1 to 5.
std::vector<Harm> all_harms();

/// A loss of balanced accuracy: of the unharmed pictures less of the harmed ones.
struct Loss {
  double balanced_accuracy = 0;  ///< of the harmed pictures
  double loss = 0;
  std::optional<metrics::Interval> interval;  ///< of the loss
};

struct RobustnessOptions {
  std::string model;               ///< named in the result
  std::string part = "test";       ///< as select
  std::vector<std::string> kinds;  ///< which of all_harms(); empty: all
  std::size_t pictures = 0;        ///< at most so many, drawn by the seed, each class in proportion; 0: all
  std::uint64_t seed = 1;          ///< of the corruptions, the draw and the bootstrap
  int threads = 0;
};

struct Robustness {
  Predictions predictions;      ///< of the unharmed pictures
  std::size_t of_pictures = 0;  ///< the part's number of pictures, of which some were drawn
  double balanced_accuracy = 0;
  std::optional<metrics::Interval> interval;
  std::vector<Harm> harms;
  std::vector<Loss> losses;         ///< of harms
  std::vector<std::string> kinds;   ///< in their order
  std::vector<Loss> kind_means;     ///< of kinds: over the severities
  std::optional<Loss> corruptions;  ///< over all corruptions, rotations and crops left out; nothing without any
  metrics::BootstrapOptions bootstrap;
  std::string unit;  ///< what the bootstrap draws: "pictures", "lesions" or "patients"
  std::size_t units = 0;
};

/// Runs the model over the part once for each harm. Corruptions are put on the picture at the network's input size, as
/// in the literature, after crop and resize and before the other steps; rotations and crops on the whole picture before
/// all steps. Intervals are of the paired bootstrap: each resample scores harmed and unharmed pictures alike.
/// @throws UsageError for a kind that there is not; UsageError, InputError as run_model; Cancelled
Robustness measure_robustness(const infer::Classifier& classifier, const dataset::Manifest& manifest,
                              const RobustnessOptions& options, const StopToken& stop = {});

std::string to_text(const Robustness& robustness);
std::string to_json(const Robustness& robustness);
std::string to_html(const Robustness& robustness);

}  // namespace naevus::evaluate
