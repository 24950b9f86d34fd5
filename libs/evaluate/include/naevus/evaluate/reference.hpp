#pragma once
#include "naevus/base/parallel.hpp"
#include "naevus/evaluate/predictions.hpp"
#include "naevus/model/card.hpp"

namespace naevus::evaluate {

/// Puts into the card what these pictures look like and what its model, calibrated as the card says, answers to them:
/// what the server holds later pictures against (drift.hpp). At most 4,000 of the pictures are measured, evenly chosen.
/// @param predictions  with logits, of pictures that the model did not learn from
/// @throws Cancelled
void set_reference(const Predictions& predictions, WorkerPool& pool, model::Card& card, const StopToken& stop = {});

}  // namespace naevus::evaluate
