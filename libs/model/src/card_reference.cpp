#include "card_reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace naevus::model {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* key = "reference";
constexpr std::size_t most_bins = 1000;
constexpr std::uint64_t most_pictures = std::uint64_t{1} << 53U;  // JSON's numbers stay whole

const json& list(const json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  if (!object.is_object() || found == object.end() || !found->is_array() || found->size() > most_bins)
    CardReader::fail(key, fmt::format("has no list '{}' of at most {}", name, most_bins));
  return *found;
}

std::vector<std::uint64_t> counts(const json& object, const char* name) {
  std::vector<std::uint64_t> values;
  for (const json& value : list(object, name)) {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most_pictures)
      CardReader::fail(key, fmt::format("has a '{}' that is no count", name));
    values.push_back(value.get<std::uint64_t>());
  }
  return values;
}

ReferenceBins bins(const json& object) {
  ReferenceBins bins;
  for (const json& value : list(object, "edges")) {
    if (!value.is_number() || !std::isfinite(value.get<double>()))
      CardReader::fail(key, "has an edge that is no number");
    bins.edges.push_back(value.get<double>());
  }
  if (std::adjacent_find(bins.edges.begin(), bins.edges.end(), std::greater_equal<>()) != bins.edges.end())
    CardReader::fail(key, "has edges that do not rise");
  bins.counts = counts(object, "counts");
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
  if (!object->is_object()) CardReader::fail(key, "is no object");
  const auto of = object->find("of"), measures = object->find("measures");
  if (of == object->end() || !of->is_string()) CardReader::fail(key, "has no text 'of'");
  if (measures == object->end() || !measures->is_object()) CardReader::fail(key, "has no object 'measures'");
  Reference reference{.of = of->get<std::string>(), .predicted = counts(*object, "predicted")};
  for (const auto& [name, value] : measures->items()) reference.measures[name] = bins(value);
  card.reference = std::move(reference);
}

void check_reference(const Card& card) {
  if (card.reference && card.reference->predicted.size() != card.classes.size())
    CardReader::fail(key, "does not fit the classes");
}

}  // namespace naevus::model
