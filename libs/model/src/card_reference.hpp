#pragma once
#include <nlohmann/json.hpp>

#include "card_reader.hpp"
#include "naevus/model/card.hpp"

namespace naevus::model {

/// The card's key `reference`, which stands only where it is known: older programs then read the others.
void write_reference(const Card& card, nlohmann::ordered_json& object);
/// @throws InputError naming the key and what is wrong with it
void read_reference(CardReader& reader, Card& card);
/// @throws InputError if it does not fit the classes
void check_reference(const Card& card);

}  // namespace naevus::model
