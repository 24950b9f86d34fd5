#pragma once
#include <vector>

#include "looks.hpp"
#include "naevus/dataset/manifest.hpp"
#include "naevus/evaluate/predictions.hpp"
#include "naevus/model/card.hpp"

namespace naevus::evaluate {

/// Sets the checks `copies`, `near_copies` and `fitted_here`.
/// @param looks  of predictions.cases, in their order
/// @throws Cancelled
void check_copies(const model::Card& card, const dataset::Manifest& manifest, const std::vector<Look>& looks,
                  Predictions& predictions, WorkerPool& pool, const StopToken& stop);

/// The same three for predictions that come without a model: they can't be known.
void checks_without_model(Predictions& predictions);

}  // namespace naevus::evaluate
