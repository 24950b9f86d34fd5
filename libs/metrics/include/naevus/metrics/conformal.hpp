#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// Sets of classes that hold the truth with a promised share of cases, whatever the model, as long as the cases that
// fitted them and those to come are exchangeable (split conformal prediction; Angelopoulos & Bates 2021).
namespace naevus::metrics {

/// How unlikely a class must look to be left out.
enum class SetScore {
  least_ambiguous,  ///< 1 - its probability (Sadinle, Lei & Wasserman 2019): the smallest sets on average
  adaptive,         ///< the sum of the probabilities from the highest down to its own (Romano, Sesia & Candes 2020),
                    ///< without their random cut: larger sets for harder cases
};

struct ConformalOptions {
  double alpha = 0.1;  ///< share of cases whose truth may be missed, in (0, 1)
  SetScore score = SetScore::least_ambiguous;
  bool by_class = false;  ///< keep the promise for the cases of each class (Vovk 2012's Mondrian form), in larger sets
};

struct ConformalLimits {
  SetScore score = SetScore::least_ambiguous;
  std::vector<double> limit;  ///< of each class's score; infinite where too few cases could fit one: always in the set
};

/// The ceil((n + 1)(1 - alpha))-th smallest score of the truths, of all n cases or of those of each class.
/// @param probabilities  in [0, 1], row-major [n, classes], of cases that the model was not fitted on
/// @param truth          class indices in [0, classes); shape [n]
/// @throws InputError if the shapes differ, an index or a probability is out of range, or alpha is
ConformalLimits fit_conformal(std::span<const double> probabilities, std::span<const int> truth, std::size_t classes,
                              const ConformalOptions& options = {});

/// 1 where a class is in the case's set, which may be empty; row-major [n, classes].
/// @throws InputError if the values are no whole number of rows or one is not in [0, 1]
std::vector<std::uint8_t> prediction_sets(std::span<const double> probabilities, const ConformalLimits& limits);

/// What sets are worth on other cases, as counts, so that an interval can be put to each share.
struct SetScores {
  std::uint64_t cases = 0, covered = 0;                   ///< covered: the truth is in the set
  std::uint64_t empty = 0, single = 0;                    ///< sets with no class, and with one
  double mean_size = 0;                                   ///< 0 without cases
  std::vector<std::uint64_t> class_cases, class_covered;  ///< by truth
};

/// @throws InputError if the shapes differ or an index is out of range
SetScores score_sets(std::span<const std::uint8_t> sets, std::span<const int> truth, std::size_t classes);

}  // namespace naevus::metrics
