#pragma once
#include <nlohmann/json.hpp>

#include "card_reader.hpp"
#include "naevus/model/card.hpp"

/// What calibration adds to a card. Each key stands only where it was fitted: cards without are written as they always
/// were, and older programs read them.
namespace naevus::model {

void write_calibration(const Card& card, nlohmann::ordered_json& object);
/// @throws InputError naming the key
void read_calibration(CardReader& reader, Card& card);
/// @throws InputError naming the key whose values do not fit the card's classes
void check_calibration(const Card& card);

}  // namespace naevus::model
