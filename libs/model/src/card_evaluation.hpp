#pragma once
#include <nlohmann/json.hpp>

#include "card_reader.hpp"
#include "naevus/model/card.hpp"

namespace naevus::model {

/// The card's key `evaluation`, which stands only where it was evaluated: older programs then read the others.
void write_evaluation(const Card& card, nlohmann::ordered_json& object);
/// @throws InputError naming the key and what is wrong with it
void read_evaluation(CardReader& reader, Card& card);
/// @throws InputError if it does not fit the classes, or its numbers do not fit each other
void check_evaluation(const Card& card);

}  // namespace naevus::model
