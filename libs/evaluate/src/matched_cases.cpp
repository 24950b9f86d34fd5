#include "matched_cases.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <map>

#include "naevus/base/error.hpp"
#include "naevus/dataset/prediction_table.hpp"

namespace naevus::evaluate {
namespace {

using dataset::picture_name;

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  return names;
}

void check_classes(const Predictions& first, const Predictions& second) {
  const auto check = [&](const char* what, const std::vector<std::string>& a, const std::vector<std::string>& b) {
    if (sorted(a) == sorted(b)) return;
    throw InputError(
        fmt::format("has the {} {}, and {} has {}", what, fmt::join(b, ", "), first.source, fmt::join(a, ", ")),
        second.source, "only models of the same classes can be compared");
  };
  check("classes", first.classes, second.classes);
  check("malignant classes", first.malignant, second.malignant);
}

/// Puts the columns of a table in another order. @param column  of each new one, its place so far
std::vector<double> reordered(const std::vector<double>& table, const std::vector<std::size_t>& column) {
  std::vector<double> result;
  result.reserve(table.size());
  for (std::size_t row = 0; row < table.size(); row += column.size())
    for (const std::size_t c : column) result.push_back(table[row + c]);
  return result;
}

void take_order_of_classes(const Predictions& from, Predictions& to) {
  if (to.classes == from.classes) return;
  std::vector<std::size_t> column;
  for (const std::string& name : from.classes)
    column.push_back(
        static_cast<std::size_t>(std::find(to.classes.begin(), to.classes.end(), name) - to.classes.begin()));
  to.probabilities = reordered(to.probabilities, column);
  to.logits = reordered(to.logits, column);
  to.classes = from.classes;
  for (Case& item : to.cases)
    item.truth = static_cast<int>(std::find(to.classes.begin(), to.classes.end(), item.label) - to.classes.begin());
}

/// Keeps these cases, in this order.
void keep(Predictions& predictions, const std::vector<std::size_t>& kept) {
  const std::size_t classes = predictions.classes.size();
  std::vector<Case> cases;
  const auto rows = [&](const std::vector<double>& table) {
    std::vector<double> result;
    if (table.empty()) return result;
    for (const std::size_t i : kept) {
      const auto row = table.begin() + static_cast<std::ptrdiff_t>(i * classes);
      result.insert(result.end(), row, row + static_cast<std::ptrdiff_t>(classes));
    }
    return result;
  };
  predictions.probabilities = rows(predictions.probabilities);
  predictions.logits = rows(predictions.logits);
  for (const std::size_t i : kept) cases.push_back(std::move(predictions.cases[i]));
  predictions.cases = std::move(cases);
}

std::map<std::string, std::string> reasons_of(const Predictions& predictions) {
  std::map<std::string, std::string> reasons;
  for (const Failure& failure : predictions.failures) reasons.emplace(picture_name(failure.image), failure.reason);
  return reasons;
}

std::string why(const Predictions& predictions, const std::map<std::string, std::string>& reasons,
                const std::string& image) {
  const auto found = reasons.find(picture_name(image));
  return predictions.source + ": " + (found == reasons.end() ? "has no answer to it" : found->second);
}

void check_truth(const Case& a, const Predictions& first, const Case& b, const Predictions& second) {
  if (a.label != b.label)
    throw InputError(fmt::format("calls {} '{}', and {} calls it '{}'", b.image, b.label, first.source, a.label),
                     second.source, "give the manifest with the labels, so that both have the same truth");
}

/// What neither can score, once.
void add_failures_of_both(const Predictions& first, const Predictions& second, std::vector<LeftOut>& left_out) {
  const std::map<std::string, std::string> others = reasons_of(second);
  for (const Failure& failure : first.failures) {
    const auto found = others.find(picture_name(failure.image));
    if (found == others.end()) continue;
    left_out.push_back({failure.image, found->second == failure.reason
                                           ? failure.reason
                                           : fmt::format("{}: {}; {}: {}", first.source, failure.reason, second.source,
                                                         found->second)});
  }
}

}  // namespace

std::vector<LeftOut> match_cases(Predictions& first, Predictions& second) {
  check_classes(first, second);
  take_order_of_classes(first, second);
  std::map<std::string, std::deque<std::size_t>> unmatched;  // of the second; a picture may stand twice
  for (std::size_t i = 0; i < second.cases.size(); ++i) unmatched[picture_name(second.cases[i].image)].push_back(i);
  const auto first_reasons = reasons_of(first), second_reasons = reasons_of(second);
  std::vector<LeftOut> left_out;
  std::vector<std::size_t> of_first, of_second;
  for (std::size_t i = 0; i < first.cases.size(); ++i) {
    const auto found = unmatched.find(picture_name(first.cases[i].image));
    if (found == unmatched.end() || found->second.empty()) {
      left_out.push_back({first.cases[i].image, why(second, second_reasons, first.cases[i].image)});
      continue;
    }
    check_truth(first.cases[i], first, second.cases[found->second.front()], second);
    of_first.push_back(i);
    of_second.push_back(found->second.front());
    found->second.pop_front();
  }
  for (const auto& [name, rest] : unmatched)
    for (const std::size_t i : rest)
      left_out.push_back({second.cases[i].image, why(first, first_reasons, second.cases[i].image)});
  add_failures_of_both(first, second, left_out);
  if (of_first.empty())
    throw InputError(fmt::format("has no picture in common with {}", first.source), second.source,
                     "both must answer to the same pictures, named alike");
  keep(first, of_first);
  keep(second, of_second);
  return left_out;
}

}  // namespace naevus::evaluate
