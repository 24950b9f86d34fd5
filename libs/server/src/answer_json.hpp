#pragma once
#include <nlohmann/json.hpp>

#include "engine.hpp"
#include "naevus/infer/classifier.hpp"
#include "naevus/model/card.hpp"
#include "naevus/store/predictions.hpp"

namespace naevus::server {

/// What is kept of an answer: with the card's threshold the decision ("above_threshold", "below_threshold"; "refused"
/// where the picture is unlike the training's; else "none"), its prediction set, and what is wrong with the picture.
store::Prediction prediction_of(const model::Card& card, const std::string& model_version, const Seen& seen);

/// A prediction as the API gives it, with words for a person.
/// @param card  of the model that is served; what is said of another model is left out
nlohmann::ordered_json json_of(const store::Prediction& prediction, const model::Card& card,
                               const std::string& model_version);

}  // namespace naevus::server
