#include <fmt/format.h>

#include <algorithm>

#include "aligned.hpp"
#include "compare_words.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/base/terminal.hpp"
#include "words.hpp"

namespace naevus::evaluate {
namespace {

std::string score_table(const Comparison& comparison) {
  const std::string interval = fmt::format("{:g} % interval", 100 * comparison.bootstrap.level);
  std::vector<std::vector<std::string>> rows{{"score", "A", "B", "A − B", interval, "p"}};
  for (const ComparedScore& score : comparison.scores)
    rows.push_back({words::name(score), words::number(score.first), words::number(score.second),
                    words::difference(score), words::interval(score.interval), words::p_value(score.p_value)});
  return aligned(rows);
}

/// Why what is missing is missing: one line for each reason.
std::string missing(const Comparison& comparison) {
  std::vector<std::pair<std::string, std::string>> reasons;  // with the scores' names
  for (const ComparedScore& score : comparison.scores) {
    if (score.missing.empty()) continue;
    const auto known =
        std::find_if(reasons.begin(), reasons.end(), [&](const auto& r) { return r.first == score.missing; });
    if (known == reasons.end())
      reasons.emplace_back(score.missing, words::name(score));
    else
      known->second += ", " + words::name(score);
  }
  std::string text;
  for (const auto& [reason, names] : reasons) text += fmt::format("–: {}: {}\n", names, reason);
  return text;
}

std::string left_out(const std::vector<LeftOut>& cases) {
  if (cases.empty()) return "";
  constexpr std::size_t shown = 10;
  std::string text = styled("\nleft out\n", Style::yellow);
  for (std::size_t i = 0; i < std::min(shown, cases.size()); ++i)
    text += fmt::format("  {}: {}\n", cases[i].image, cases[i].reason);
  if (cases.size() > shown)
    text += fmt::format("  and {} more (--json names them all)\n", grouped(cases.size() - shown));
  return text;
}

}  // namespace

std::string to_text(const Comparison& comparison) {
  std::string text = fmt::format("A  {}\nB  {}\n\n", comparison.first.source, comparison.second.source);
  text += score_table(comparison) + missing(comparison) + "\n";
  text += words::compared_cases(comparison) + "; " + words::agreement(comparison) + "\n";
  for (const std::string& line : comparison.methods()) text += line + "\n";
  return text + left_out(comparison.left_out) + styled("not a diagnosis", Style::dim) + "\n";
}

}  // namespace naevus::evaluate
