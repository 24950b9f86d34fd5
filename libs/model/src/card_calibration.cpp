#include "card_calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "card_part.hpp"

namespace naevus::model {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* scaling_key = "vector_scaling";
constexpr const char* points_key = "decision_points";
constexpr const char* sets_key = "prediction_sets";

/// A list of numbers; null stands for infinity where that is allowed.
std::vector<double> numbers(const json& object, const char* key, const char* name, bool infinite = false) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array()) CardReader::fail(key, fmt::format("has no list '{}'", name));
  std::vector<double> values;
  for (const json& value : *found) {
    if (infinite && value.is_null()) {
      values.push_back(std::numeric_limits<double>::infinity());
      continue;
    }
    if (!value.is_number() || !std::isfinite(value.get<double>()))
      CardReader::fail(key, fmt::format("has a '{}' that is no number", name));
    values.push_back(value.get<double>());
  }
  return values;
}

DecisionPoint read_point(const json& value) {
  const PartReader part(value, points_key);
  DecisionPoint point;
  point.rule = part.text("rule");
  constexpr std::array rules{"youden", "sensitivity", "specificity", "cost", "net_benefit"};
  if (std::find(rules.begin(), rules.end(), point.rule) == rules.end())
    CardReader::fail(points_key, fmt::format("has an unknown rule '{}'", point.rule));
  point.aim = part.number("aim", 0, std::numeric_limits<double>::max());
  if (const json* at = part.find("threshold"); at == nullptr || !at->is_null())
    point.threshold = part.share("threshold");
  point.sensitivity = part.share("sensitivity");
  point.specificity = part.share("specificity");
  return point;
}

PredictionSets read_sets(const json& object) {
  PredictionSets sets;
  sets.coverage = PartReader(object, sets_key).share("coverage");
  const auto score = object.find("score"), by_class = object.find("by_class");
  if (score == object.end() || (*score != "least_ambiguous" && *score != "adaptive"))
    CardReader::fail(sets_key, "has a 'score' that is not least_ambiguous or adaptive");
  if (by_class == object.end() || !by_class->is_boolean())
    CardReader::fail(sets_key, "has no 'by_class' that is true or false");
  sets.score = score->get<std::string>();
  sets.by_class = by_class->get<bool>();
  sets.limit = numbers(object, sets_key, "limit", true);
  return sets;
}

}  // namespace

void write_calibration(const Card& card, ordered_json& object) {
  if (card.vector_scaling)
    object[scaling_key] = {{"weight", card.vector_scaling->weight}, {"bias", card.vector_scaling->bias}};
  for (const DecisionPoint& point : card.decision_points) {
    ordered_json row = {{"rule", point.rule}, {"aim", point.aim}, {"threshold", nullptr}};
    if (point.threshold) row["threshold"] = *point.threshold;
    row["sensitivity"] = point.sensitivity;
    row["specificity"] = point.specificity;
    object[points_key].push_back(std::move(row));
  }
  if (!card.prediction_sets) return;
  const PredictionSets& sets = *card.prediction_sets;
  ordered_json limits = ordered_json::array();
  for (const double limit : sets.limit)
    limits.push_back(std::isinf(limit) ? ordered_json(nullptr) : ordered_json(limit));
  object[sets_key] = {
      {"coverage", sets.coverage}, {"score", sets.score}, {"by_class", sets.by_class}, {"limit", std::move(limits)}};
}

void read_calibration(CardReader& reader, Card& card) {
  if (const json* scaling = reader.find(scaling_key)) {
    if (!scaling->is_object()) CardReader::fail(scaling_key, "is no object");
    card.vector_scaling = {numbers(*scaling, scaling_key, "weight"), numbers(*scaling, scaling_key, "bias")};
  }
  if (const json* points = reader.find(points_key)) {
    if (!points->is_array()) CardReader::fail(points_key, "is no list");
    for (const json& value : *points) card.decision_points.push_back(read_point(value));
  }
  if (const json* sets = reader.find(sets_key)) card.prediction_sets = read_sets(*sets);
}

void check_calibration(const Card& card) {
  const std::size_t classes = card.classes.size();
  if (card.vector_scaling &&
      (card.vector_scaling->weight.size() != classes || card.vector_scaling->bias.size() != classes))
    CardReader::fail(scaling_key, "does not fit the classes");
  if (card.vector_scaling && card.temperature != 1)
    CardReader::fail("temperature", "must be 1 where there is vector scaling");
  if (card.prediction_sets && card.prediction_sets->limit.size() != classes)
    CardReader::fail(sets_key, "does not fit the classes");
}

}  // namespace naevus::model
