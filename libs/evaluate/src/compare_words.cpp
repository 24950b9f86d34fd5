#include "compare_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "naevus/base/progress.hpp"
#include "words.hpp"

namespace naevus::evaluate::words {

std::string name(const ComparedScore& score) {
  return score.of.empty() ? score.name : fmt::format("{} of {}", score.name, score.of);
}

std::string difference(const ComparedScore& score) {
  if (!score.first || !score.second) return number(std::nullopt);
  return fmt::format("{:+.3f}", *score.first - *score.second);
}

std::string p_value(const std::optional<double>& value) {
  if (!value) return number(std::nullopt);
  constexpr double smallest = 0.001;
  return *value < smallest ? "< 0.001" : number(*value);
}

std::string compared_cases(const Comparison& comparison) {
  std::string text = grouped(comparison.first.cases.size()) + " pictures";
  if (comparison.first.part != "all") text += fmt::format(" of the part '{}'", comparison.first.part);
  text += ", each answered by both";
  if (!comparison.left_out.empty()) text += fmt::format("; {} left out", grouped(comparison.left_out.size()));
  return text;
}

std::string agreement(const Comparison& comparison) {
  std::uint64_t same = 0;
  for (std::size_t c = 0; c < comparison.calls.classes; ++c) same += comparison.calls.at(c, c);
  std::string text =
      fmt::format("both call {} of {} pictures the same", grouped(same), grouped(comparison.calls.total()));
  if (comparison.agreement)
    text += fmt::format(" (Cohen's kappa {:.3f} [{:.3f}, {:.3f}])", comparison.agreement->kappa,
                        comparison.agreement->interval.low, comparison.agreement->interval.high);
  return text;
}

}  // namespace naevus::evaluate::words
