#include "naevus/model/card.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "card_calibration.hpp"
#include "card_evaluation.hpp"
#include "card_reader.hpp"
#include "card_reference.hpp"
#include "naevus/base/error.hpp"

namespace naevus::model {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

template <typename Json, typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

bool is_hexadecimal(const std::string& text, std::size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::vector<SeenPicture> read_seen(CardReader& reader) {
  std::vector<SeenPicture> seen;
  for (const json& row : reader.array("seen")) {
    if (!row.is_array() || row.size() != 3 ||
        !std::all_of(row.begin(), row.end(), [](const json& cell) { return cell.is_string(); }))
      CardReader::fail("seen", "has a row that is not two hashes and a part");
    SeenPicture picture{row[0].get<std::string>(), row[1].get<std::string>(), row[2].get<std::string>()};
    if (!is_hexadecimal(picture.pixels, 32) || !is_hexadecimal(picture.perceptual, 16) ||
        (picture.part != "train" && picture.part != "validation"))
      CardReader::fail("seen", "has a row that is not two hashes and a part");
    seen.push_back(std::move(picture));
  }
  return seen;
}

/// A metric that is not defined (a class was absent) stands as null.
std::map<std::string, double> read_metrics(CardReader& reader) {
  const json& object = reader.at("metrics");
  if (!object.is_object()) CardReader::fail("metrics", "is no object");
  std::map<std::string, double> metrics;
  for (const auto& [name, value] : object.items()) {
    if (!value.is_number() && !value.is_null()) CardReader::fail("metrics", "holds what is no number");
    metrics[name] = value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
  }
  return metrics;
}

/// Cards from before there were steps have no such key, and models without any go on to be written without it: older
/// programs then read them.
std::map<std::string, std::string> read_preparation(CardReader& reader) {
  const json* object = reader.find("preparation");
  if (object == nullptr) return {};
  if (!object->is_object()) CardReader::fail("preparation", "is no object");
  std::map<std::string, std::string> steps;
  for (const auto& [name, value] : object->items()) {
    if (!value.is_string()) CardReader::fail("preparation", fmt::format("has a step '{}' that is no text", name));
    steps[name] = value.get<std::string>();
  }
  return steps;
}

void check(const Card& card) {
  const auto require = [](bool sound, const char* key, const char* problem) {
    if (!sound) CardReader::fail(key, problem);
  };
  require(!card.classes.empty(), "classes", "is empty");
  require(std::adjacent_find(card.classes.begin(), card.classes.end(), std::greater_equal<>()) == card.classes.end(),
          "classes", "is not in alphabetical order without repetition");
  for (const std::string& name : card.malignant)
    require(std::binary_search(card.classes.begin(), card.classes.end(), name), "malignant", "names what is no class");
  require(std::all_of(card.std.begin(), card.std.end(), [](float value) { return value > 0; }), "std",
          "must be above 0");
  require(card.temperature > 0, "temperature", "must be above 0");
  require(!card.malignant_threshold || (*card.malignant_threshold >= 0 && *card.malignant_threshold <= 1),
          "malignant_threshold", "is outside 0 to 1");
  check_calibration(card);
  check_reference(card);
  check_evaluation(card);
  require(card.ood_kind == "energy" || card.ood_kind == "mahalanobis", "ood_kind", "is not energy or mahalanobis");
}

}  // namespace

std::string to_json(const Card& card, int indent) {
  ordered_json seen = ordered_json::array();
  for (const SeenPicture& picture : card.seen) seen.push_back({picture.pixels, picture.perceptual, picture.part});
  ordered_json object = {
      {"format", card.format},
      {"name", card.name},
      {"architecture", card.architecture},
      {"classes", card.classes},
      {"malignant", card.malignant},
      {"width", card.width},
      {"height", card.height},
      {"frame", card.frame},
      {"mean", card.mean},
      {"std", card.std},
      {"weights_from", card.weights_from},
      {"data", card.data},
      {"licence", card.licence},
      {"adopted_from", card.adopted_from},
      {"temperature", card.temperature},
      {"calibrated_on", card.calibrated_on},
      {"malignant_threshold", or_null<ordered_json>(card.malignant_threshold)},
      {"malignant_threshold_rule", card.malignant_threshold_rule},
      {"ood_kind", card.ood_kind},
      {"ood_limit", or_null<ordered_json>(card.ood_limit)},
      {"metrics", card.metrics},
      {"config", card.config},
      {"seen", std::move(seen)},
  };
  if (!card.preparation.empty()) object["preparation"] = card.preparation;
  write_calibration(card, object);
  write_reference(card, object);
  write_evaluation(card, object);
  return object.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

Card card_from_json(const std::string& text) {
  const json object = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) throw InputError("the model's card is no JSON object");
  CardReader reader(object);
  Card card;
  card.format = reader.integer("format", 1, std::numeric_limits<int>::max());
  if (card.format > Card::current_format)
    throw InputError(
        fmt::format("the model's card has format {}; this program knows up to {}", card.format, Card::current_format),
        "", "use a newer naevus");
  card.name = reader.text("name");
  card.architecture = reader.text("architecture");
  card.classes = reader.texts("classes");
  card.malignant = reader.texts("malignant");
  constexpr int largest_side = 65535;
  card.width = reader.integer("width", 1, largest_side);
  card.height = reader.integer("height", 1, largest_side);
  card.frame = reader.text("frame");
  card.preparation = read_preparation(reader);
  card.mean = reader.channels("mean");
  card.std = reader.channels("std");
  card.weights_from = reader.text("weights_from");
  card.data = reader.text("data");
  card.licence = reader.text("licence");
  card.adopted_from = reader.text("adopted_from");
  card.temperature = reader.number("temperature");
  card.calibrated_on = reader.text("calibrated_on");
  card.malignant_threshold = reader.optional_number("malignant_threshold");
  card.malignant_threshold_rule = reader.text("malignant_threshold_rule");
  read_calibration(reader, card);
  read_reference(reader, card);
  read_evaluation(reader, card);
  card.ood_kind = reader.text("ood_kind");
  card.ood_limit = reader.optional_number("ood_limit");
  card.metrics = read_metrics(reader);
  card.config = reader.text("config");
  card.seen = read_seen(reader);
  reader.finish();
  check(card);
  return card;
}

}  // namespace naevus::model
