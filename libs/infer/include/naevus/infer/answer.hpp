#pragma once
#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "naevus/infer/classifier.hpp"

namespace naevus::infer {

/// Stands beside every answer.
inline constexpr const char* notice = "not a diagnosis";

/// The class of the highest probability; the first in the order of the classes where several have it.
std::size_t top_class(const Answer& answer);

/// Classes by falling probability.
std::vector<std::size_t> ranking(const Answer& answer);

/// Whether the picture is beyond the card's limit of what the model can answer; false where it has none.
bool unlike_training(const model::Card& card, const Answer& answer);

/// Whether the malignant share reaches the card's threshold; false where it has none.
bool above_threshold(const model::Card& card, const Answer& answer);

/// For programs: class, probabilities, malignant share, threshold, out-of-distribution score, time, model.
nlohmann::ordered_json json_of(const model::Card& card, const Answer& answer);

}  // namespace naevus::infer
