#pragma once
#include <string>
#include <vector>

#include "naevus/evaluate/model_card.hpp"

namespace naevus::evaluate {

/// The scores of the evaluation that a model file holds, as a card for people tells them.
MeasuredScores measured_by(const model::Evaluation& evaluation, const std::vector<std::string>& classes);

}  // namespace naevus::evaluate
