#include <nlohmann/json.hpp>

#include "naevus/evaluate/compare.hpp"

namespace naevus::evaluate {
namespace {

using Json = nlohmann::ordered_json;

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json score_json(const ComparedScore& score) {
  Json json{{"name", score.name},
            {"of", score.of.empty() ? Json(nullptr) : Json(score.of)},
            {"first", or_null(score.first)},
            {"second", or_null(score.second)}};
  Json difference{{"value", nullptr}, {"low", nullptr}, {"high", nullptr}};
  if (score.first && score.second) difference["value"] = *score.first - *score.second;
  if (score.interval) {
    difference["low"] = score.interval->low;
    difference["high"] = score.interval->high;
  }
  json["difference"] = std::move(difference);
  json["p_value"] = or_null(score.p_value);
  json["method"] = score.method.empty() ? Json(nullptr) : Json(score.method);
  if (score.only_first) json["right"] = {{"only_first", *score.only_first}, {"only_second", *score.only_second}};
  if (!score.missing.empty()) json["reason"] = score.missing;
  return json;
}

}  // namespace

std::string to_json(const Comparison& comparison) {
  Json json{{"first", comparison.first.source},
            {"second", comparison.second.source},
            {"manifest", comparison.first.manifest.empty() ? Json(nullptr) : Json(comparison.first.manifest)},
            {"part", comparison.first.part},
            {"images", comparison.first.cases.size()},
            {"unit", comparison.unit},
            {"units", comparison.units},
            {"level", comparison.bootstrap.level},
            {"resamples", comparison.bootstrap.resamples},
            {"seed", comparison.bootstrap.seed}};
  json["scores"] = Json::array();
  for (const ComparedScore& score : comparison.scores) json["scores"].push_back(score_json(score));
  Json counts = Json::array();
  for (std::size_t i = 0; i < comparison.calls.classes; ++i) {
    counts.push_back(Json::array());
    for (std::size_t j = 0; j < comparison.calls.classes; ++j) counts.back().push_back(comparison.calls.at(i, j));
  }
  json["calls"] = {{"rows", "first"}, {"columns", "second"}, {"classes", comparison.first.classes}, {"counts", counts}};
  json["kappa"] = comparison.agreement ? Json{{"value", comparison.agreement->kappa},
                                              {"low", comparison.agreement->interval.low},
                                              {"high", comparison.agreement->interval.high}}
                                       : Json(nullptr);
  json["methods"] = comparison.methods();
  json["left_out"] = Json::array();
  for (const LeftOut& item : comparison.left_out)
    json["left_out"].push_back({{"image", item.image}, {"reason", item.reason}});
  json["warnings"] = comparison.warnings;
  // Names that are not UTF-8 must not lose the answer.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace naevus::evaluate
