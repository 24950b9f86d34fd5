#pragma once
#include <string>

#include "naevus/evaluate/scores.hpp"

namespace naevus::evaluate {

/// The evaluation as JSON: `accuracy`, `balanced_accuracy` and `macro_auc`, each {value, low, high}, then everything
/// else. What does not exist is null with its reason beside it; the first threshold of a ROC curve is null (infinite).
std::string to_json(const Evaluation& evaluation);

/// The evaluation for a terminal.
std::string to_text(const Evaluation& evaluation);

/// The evaluation as a self-contained page, with the worst mistakes' pictures where they can be read.
std::string to_html(const Evaluation& evaluation);

}  // namespace naevus::evaluate
