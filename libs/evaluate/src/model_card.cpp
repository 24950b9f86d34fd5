#include "naevus/evaluate/model_card.hpp"

#include <fmt/format.h>

#include "card_sections.hpp"
#include "naevus/report/page.hpp"

namespace naevus::evaluate {
namespace {

/// Text that Markdown shows as it is: what it could take for a mark stands behind a backslash, line breaks are spaces.
std::string literal(const std::string& text) {
  std::string safe;
  for (const char letter : text) {
    if (letter == '\n' || letter == '\r') {
      safe += ' ';
      continue;
    }
    if (std::string_view("\\`*_[]<>#|").find(letter) != std::string_view::npos) safe += '\\';
    safe += letter;
  }
  return safe;
}

std::string row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + literal(cell) + " |";
  return line + "\n";
}

std::string markdown(const CardTable& table) {
  std::string text = literal(table.caption) + ":\n\n" + row(table.columns) + "|";
  for (std::size_t i = 0; i < table.columns.size(); ++i) text += " --- |";
  text += "\n";
  for (const auto& cells : table.rows) text += row(cells);
  return text + "\n";
}

/// An indented block, which nothing inside can end.
std::string verbatim(const std::string& text) {
  std::string block = "    ";
  for (const char letter : text) {
    if (letter == '\r') continue;
    block += letter;
    if (letter == '\n') block += "    ";
  }
  return block.substr(0, block.find_last_not_of(" \n") + 1) + "\n\n";
}

std::string title_of(const model::Card& card) {
  return "Model card: " + (card.name.empty() ? card.architecture : card.name);
}

constexpr const char* closing = "Research software. Not a diagnosis.";

}  // namespace

std::string card_markdown(const model::Card& card, const std::optional<MeasuredScores>& scores) {
  std::string text = fmt::format("# {}\n\n", literal(title_of(card)));
  for (const CardSection& section : card_sections(card, scores)) {
    text += fmt::format("## {}\n\n", section.title);
    for (const std::string& paragraph : section.paragraphs) text += literal(paragraph) + "\n\n";
    for (const auto& fact : section.facts) text += fmt::format("- **{}**: {}\n", literal(fact[0]), literal(fact[1]));
    if (!section.facts.empty()) text += "\n";
    for (const CardTable& table : section.tables) text += markdown(table);
    if (!section.verbatim.empty()) text += "The config of the training:\n\n" + verbatim(section.verbatim);
  }
  return text + closing + "\n";
}

std::string card_html(const model::Card& card, const std::optional<MeasuredScores>& scores) {
  report::Page page(title_of(card), card.data);
  page.contents();
  for (const CardSection& section : card_sections(card, scores)) {
    page.heading(section.title);
    for (const std::string& paragraph : section.paragraphs) page.paragraph(paragraph);
    if (!section.facts.empty())
      page.add(report::Table{.caption = "", .columns = {"item", "value"}, .rows = section.facts});
    for (const CardTable& table : section.tables)
      page.add(report::Table{.caption = table.caption, .columns = table.columns, .rows = table.rows});
    if (!section.verbatim.empty()) page.paragraph("The config of the training:").preformatted(section.verbatim);
  }
  return page.html(closing);
}

}  // namespace naevus::evaluate
