#pragma once
#include <fmt/format.h>

#include <string>
#include <vector>

#include "naevus/base/random.hpp"
#include "naevus/evaluate/predictions.hpp"

namespace naevus::registry {

inline const std::vector<std::string> three_classes{"bkl", "mel", "nv"};

/// Probabilities of a model that calls the case so: nine tenths there.
inline std::vector<double> calling(int called) {
  std::vector<double> probabilities(three_classes.size(), 0.05);
  probabilities[static_cast<std::size_t>(called)] = 0.9;
  return probabilities;
}

/// A model that is right with that chance, on as many cases of each class in turn; the truths are always the same, and
/// so are the mistakes of the same seed.
inline evaluate::Predictions answers(std::size_t cases, double right, std::uint64_t seed) {
  Random random(seed);
  evaluate::Predictions result{.source = "a model", .part = "test", .classes = three_classes, .malignant = {"mel"}};
  result.malignant_threshold = 0.5;
  for (std::size_t i = 0; i < cases; ++i) {
    const int truth = static_cast<int>(i % 3);
    const bool is_right = random.uniform() < right;
    const int called = is_right ? truth : (truth + 1) % 3;
    result.cases.push_back({.image = fmt::format("{}.jpg", i),
                            .label = three_classes[static_cast<std::size_t>(truth)],
                            .truth = truth,
                            .sex = i % 2 == 0 ? "female" : "male"});
    const auto probabilities = calling(called);
    result.probabilities.insert(result.probabilities.end(), probabilities.begin(), probabilities.end());
  }
  return result;
}

}  // namespace naevus::registry
