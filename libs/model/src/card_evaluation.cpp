#include "card_evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

#include "card_part.hpp"

namespace naevus::model {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* key = "evaluation";

ordered_json figure_json(const EvaluatedFigure& figure) {
  ordered_json object = {{"name", figure.name}};
  if (!figure.of_class.empty()) object["class"] = figure.of_class;
  object["value"] = figure.value;
  object["low"] = figure.low ? ordered_json(*figure.low) : ordered_json(nullptr);
  object["high"] = figure.high ? ordered_json(*figure.high) : ordered_json(nullptr);
  object["cases"] = figure.cases;
  return object;
}

ordered_json bins_json(const std::vector<EvaluatedBin>& bins) {
  ordered_json list = ordered_json::array();
  for (const EvaluatedBin& bin : bins)
    list.push_back({{"predicted", bin.predicted},
                    {"observed", bin.observed},
                    {"low", bin.low},
                    {"high", bin.high},
                    {"cases", bin.cases}});
  return list;
}

void require(bool sound, const std::string& problem) {
  if (!sound) CardReader::fail(key, problem);
}

EvaluatedCheck read_check(const json& value) {
  const PartReader part(value, key);
  EvaluatedCheck check{part.text("check"), part.text("verdict"), part.text("text")};
  constexpr std::array<std::string_view, 3> verdicts{"passed", "failed", "unknown"};
  require(std::ranges::find(verdicts, check.verdict) != verdicts.end(),
          fmt::format("has a check whose verdict is '{}'", check.verdict));
  return check;
}

EvaluatedFigure read_figure(const json& value) {
  const PartReader part(value, key);
  EvaluatedFigure figure{.name = part.text("name"),
                         .of_class = part.find("class") == nullptr ? "" : part.text("class"),
                         .value = part.share("value"),
                         .low = {},
                         .high = {},
                         .cases = part.count("cases")};
  const auto limit = [&](const char* name) -> std::optional<double> {
    const json* found = part.find(name);
    return found != nullptr && found->is_null() ? std::nullopt : std::optional(part.share(name));
  };
  figure.low = limit("low");
  figure.high = limit("high");
  return figure;
}

std::vector<EvaluatedBin> read_bins(const PartReader& part, const char* name) {
  std::vector<EvaluatedBin> bins;
  for (const json& value : part.list(name)) {
    const PartReader bin(value, key);
    bins.push_back(
        {bin.share("predicted"), bin.share("observed"), bin.share("low"), bin.share("high"), bin.count("cases")});
  }
  return bins;
}

std::vector<std::vector<std::uint64_t>> read_matrix(const PartReader& part, const char* name) {
  std::vector<std::vector<std::uint64_t>> rows;
  for (const json& row : part.list(name)) {
    require(row.is_array(), fmt::format("has a '{}' with a row that is no list", name));
    std::vector<std::uint64_t>& counts = rows.emplace_back();
    for (const json& value : row) counts.push_back(part.count_of(value, name));
  }
  return rows;
}

void check_figures(const Evaluation& evaluation, const std::vector<std::string>& classes) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const EvaluatedFigure& figure : evaluation.figures) {
    const auto of = figure.of_class.empty() ? figure.name : figure.name + " of " + figure.of_class;
    require(!figure.name.empty(), "has a figure without a name");
    require(seen.insert({figure.name, figure.of_class}).second, fmt::format("has the figure '{}' twice", of));
    require(figure.of_class.empty() || std::ranges::binary_search(classes, figure.of_class),
            fmt::format("has the figure '{}' of what is no class", of));
    require(figure.low.has_value() == figure.high.has_value() && (!figure.low || *figure.low <= *figure.high),
            fmt::format("has the figure '{}' with an interval that is none", of));
    require(figure.cases > 0 && figure.cases <= evaluation.cases,
            fmt::format("has the figure '{}' of more cases than there are, or of none", of));
  }
}

void check_bins(const std::vector<EvaluatedBin>& bins, std::uint64_t cases, const char* name) {
  std::uint64_t sum = 0;
  for (const EvaluatedBin& bin : bins) {
    require(bin.cases > 0 && bin.low <= bin.high, fmt::format("has a '{}' with a bin that makes no sense", name));
    sum += bin.cases;
  }
  require(bins.empty() || sum == cases, fmt::format("has a '{}' of other cases", name));
  require(std::ranges::is_sorted(bins, {}, &EvaluatedBin::predicted),
          fmt::format("has a '{}' that does not rise", name));
}

void check_matrix(const Evaluation& evaluation, std::size_t classes) {
  const auto fits = [&](const auto& list) {
    require(list.size() == classes, "has a 'confusion' that does not fit the classes");
  };
  fits(evaluation.confusion);
  std::uint64_t sum = 0;
  for (const auto& row : evaluation.confusion) {
    fits(row);
    sum = std::accumulate(row.begin(), row.end(), sum);
  }
  require(sum == evaluation.cases, "has a 'confusion' of other cases");
}

}  // namespace

void write_evaluation(const Card& card, ordered_json& object) {
  if (!card.evaluation) return;
  const Evaluation& evaluation = *card.evaluation;
  ordered_json checks = ordered_json::array(), figures = ordered_json::array();
  for (const EvaluatedCheck& check : evaluation.checks)
    checks.push_back({{"check", check.check}, {"verdict", check.verdict}, {"text", check.text}});
  for (const EvaluatedFigure& figure : evaluation.figures) figures.push_back(figure_json(figure));
  object[key] = {{"of", evaluation.of},
                 {"cases", evaluation.cases},
                 {"failed", evaluation.failed},
                 {"intervals", evaluation.intervals},
                 {"checks", std::move(checks)},
                 {"warnings", evaluation.warnings},
                 {"figures", std::move(figures)},
                 {"reliability", bins_json(evaluation.reliability)},
                 {"malignant_reliability", bins_json(evaluation.malignant_reliability)},
                 {"confusion", evaluation.confusion}};
}

void read_evaluation(CardReader& reader, Card& card) {
  const json* object = reader.find(key);
  if (object == nullptr) return;
  const PartReader part(*object, key);
  Evaluation evaluation{.of = part.text("of"),
                        .cases = part.count("cases"),
                        .failed = part.count("failed"),
                        .intervals = part.text("intervals"),
                        .checks = {},
                        .warnings = {},
                        .figures = {},
                        .reliability = read_bins(part, "reliability"),
                        .malignant_reliability = read_bins(part, "malignant_reliability"),
                        .confusion = read_matrix(part, "confusion")};
  for (const json& value : part.list("checks")) evaluation.checks.push_back(read_check(value));
  for (const json& value : part.list("warnings")) {
    require(value.is_string(), "has a warning that is no text");
    evaluation.warnings.push_back(value.get<std::string>());
  }
  for (const json& value : part.list("figures")) evaluation.figures.push_back(read_figure(value));
  card.evaluation = std::move(evaluation);
}

void check_evaluation(const Card& card) {
  if (!card.evaluation) return;
  const Evaluation& evaluation = *card.evaluation;
  require(evaluation.cases > 0, "is of no case");
  check_figures(evaluation, card.classes);
  check_bins(evaluation.reliability, evaluation.cases, "reliability");
  check_bins(evaluation.malignant_reliability, evaluation.cases, "malignant_reliability");
  check_matrix(evaluation, card.classes.size());
}

}  // namespace naevus::model
