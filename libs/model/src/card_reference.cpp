#include "card_reference.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "card_part.hpp"

namespace naevus::model {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* key = "reference";

ReferenceBins bins(const json& object) {
  const PartReader part(object, key);
  ReferenceBins bins;
  for (const json& value : part.list("edges")) {
    if (!value.is_number() || !std::isfinite(value.get<double>()))
      CardReader::fail(key, "has an edge that is no number");
    bins.edges.push_back(value.get<double>());
  }
  if (std::adjacent_find(bins.edges.begin(), bins.edges.end(), std::greater_equal<>()) != bins.edges.end())
    CardReader::fail(key, "has edges that do not rise");
  bins.counts = part.counts("counts");
  if (bins.counts.size() != bins.edges.size() + 1) CardReader::fail(key, "has not one count more than edges");
  return bins;
}

}  // namespace

void write_reference(const Card& card, ordered_json& object) {
  if (!card.reference) return;
  ordered_json measures = ordered_json::object();
  for (const auto& [name, bins] : card.reference->measures)
    measures[name] = {{"edges", bins.edges}, {"counts", bins.counts}};
  object[key] = {
      {"of", card.reference->of}, {"predicted", card.reference->predicted}, {"measures", std::move(measures)}};
}

void read_reference(CardReader& reader, Card& card) {
  const json* object = reader.find(key);
  if (object == nullptr) return;
  const PartReader part(*object, key);
  const json* measures = part.find("measures");
  if (measures == nullptr || !measures->is_object()) CardReader::fail(key, "has no object 'measures'");
  Reference reference{.of = part.text("of"), .predicted = part.counts("predicted")};
  for (const auto& [name, value] : measures->items()) reference.measures[name] = bins(value);
  card.reference = std::move(reference);
}

void check_reference(const Card& card) {
  if (card.reference && card.reference->predicted.size() != card.classes.size())
    CardReader::fail(key, "does not fit the classes");
}

}  // namespace naevus::model
