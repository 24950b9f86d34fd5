#pragma once
#include <optional>
#include <string>
#include <vector>

#include "naevus/evaluate/model_card.hpp"

namespace naevus::evaluate {

/// A table of a card; may have no rows.
struct CardTable {
  std::string caption;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

/// One of Mitchell's sections, in the order in which its parts are shown. All texts are plain text.
struct CardSection {
  std::string title;
  std::vector<std::string> paragraphs;
  std::vector<std::vector<std::string>> facts;  ///< name and value
  std::vector<CardTable> tables;
  std::string verbatim;  ///< a config, in its own line breaks; may be empty
};

std::vector<CardSection> card_sections(const model::Card& card, const std::optional<MeasuredScores>& scores);

}  // namespace naevus::evaluate
