#pragma once
#include <nlohmann/json.hpp>

#include "naevus/model/card.hpp"
#include "naevus/store/predictions.hpp"
#include "seen.hpp"

namespace naevus::server {

/// What is kept of an answer: with the card's threshold the decision ("above_threshold", "below_threshold"; "refused"
/// where the picture is unlike the training's; else "none"), its prediction set, and what is wrong with the picture.
store::Prediction prediction_of(const Seen& seen);

/// A prediction as the API gives it, with words for a person.
/// @param card  of the model that looked; nullptr: it is not known, and its limits are left out
nlohmann::ordered_json json_of(const store::Prediction& prediction, const model::Card* card);

}  // namespace naevus::server
