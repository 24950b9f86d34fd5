#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "naevus/evaluate/predictions.hpp"

namespace naevus::registry {

struct GateOptions {
  double margin = 0.02;                   ///< a loss below which a candidate is no worse
  double subgroup_margin = 0.05;          ///< that a subgroup may lose
  std::size_t subgroup_cases = 50;        ///< smaller ones decide nothing
  std::size_t subgroup_class_cases = 20;  ///< nor do classes with fewer: one picture would move two classes by 0.025
  std::string most_harmful =
      "mel";               ///< the class whose sensitivity counts; where the model has no such class, malignant
  double level = 0.95;     ///< of the one-sided bounds, in (0.5, 1)
  std::uint64_t seed = 1;  ///< of the bootstrap
  int threads = 0;
};

/// One thing that must hold before a candidate is promoted.
struct Condition {
  std::string name;  ///< "balanced accuracy on the frozen test part"
  bool holds = false;
  std::string text;  ///< a sentence with the figures
};

struct GateResult {
  std::vector<Condition> conditions;
  bool passed() const;
};

/// One model's answers on what decides.
struct GateAnswers {
  evaluate::Predictions frozen;                 ///< to the frozen test part
  std::optional<evaluate::Predictions> newest;  ///< to the newest feedback, of which neither model has learned
};

/// Whether a candidate is shown to be no worse than the served model.
///
/// - On the frozen test part the one-sided lower 95 % bound of the paired difference (candidate less served) lies above
///   -margin, for balanced accuracy and for the sensitivity for melanoma: non-inferiority, which few cases can't show.
/// - No picture of it is a copy of one that the candidate learned from, where that was looked for.
/// - No subgroup (age, sex, site, source, skin tone, lesion size) of the frozen test part with enough pictures loses
///   more than its margin of balanced accuracy, over the classes that have enough of them; with fewer than two it has
///   none.
/// - On the newest feedback, which is too little to show equality, the candidate is not shown to be worse: the upper
///   95 % bound of balanced accuracy's difference does not lie below 0.
/// @throws InputError as evaluate::compare
GateResult judge(const GateAnswers& candidate, const GateAnswers& served, const GateOptions& options = {});

/// `passed` and `conditions`, each with `name`, `holds` and `text`.
std::string to_json(const GateResult& result);

}  // namespace naevus::registry
