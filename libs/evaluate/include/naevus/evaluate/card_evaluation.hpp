#pragma once
#include "naevus/evaluate/scores.hpp"
#include "naevus/model/card.hpp"

namespace naevus::evaluate {

/// Puts into a card what its model was worth: scores with their intervals, reliability diagrams, the confusion matrix,
/// and what was looked for before any of it could be believed. An earlier evaluation goes.
/// @param evaluation  of this very model on a part of a manifest
/// @throws IoError if the manifest can't be read for its hash
void set_evaluation(const Evaluation& evaluation, model::Card& card);

}  // namespace naevus::evaluate
