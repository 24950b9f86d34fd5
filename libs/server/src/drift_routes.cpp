#include <fmt/format.h>

#include <algorithm>

#include "context.hpp"
#include "json_body.hpp"
#include "naevus/store/models.hpp"
#include "query.hpp"

namespace naevus::server {
namespace {

using Json = nlohmann::ordered_json;

store::ModelVersion version_of(Context& context, const std::string& id) {
  const auto model = store::find_model(context.database, id);
  if (!model) throw Refusal(404, "no-model", "there is no such model", "/api/v1/models lists those there are");
  return {model->name, model->version};
}

Json json_of(const drift::Change& change, const std::vector<std::string>& classes) {
  Json result{{"measure", change.measure}, {"verdict", drift::name(change.verdict)}};
  const auto& stability = change.stability;
  result["psi"] = stability ? Json(stability->psi) : Json();
  result["psi_by_chance"] = stability ? Json(stability->expected) : Json();
  result["p_value"] = stability ? Json(stability->p_value) : Json();
  if (change.measure == "predicted")
    result["classes"] = classes;
  else
    result["edges"] = change.edges;
  result["reference"] = change.reference;
  result["current"] = change.current;
  return result;
}

void show(Context& context, const Call& call) {
  const auto served = context.models.current();
  store::ModelVersion model{served->entry.name, served->entry.version};
  std::optional<store::Time> since;
  for (const auto& [name, value] : call.head().query) {
    check_text(name, value, 100);
    if (name == "since")
      since = time_of(name, value);
    else if (name == "model")
      model = version_of(context, value);
    else
      refuse_parameter(name, "since and model");
  }
  const auto report = context.drift.look(model, since);
  if (!report)
    throw Refusal(
        409, "no-reference",
        fmt::format("the card of {} v{} does not say what its held-out pictures looked like: there is nothing "
                    "to hold its answers against",
                    model.name, model.version),
        "naevus calibrate MODEL.onnx MANIFEST.csv -o NEW.onnx writes it; then: naevus models add NEW.onnx, "
        "and promote it");
  auto worst = drift::Verdict::unknown;
  Json measures = Json::array();
  for (const drift::Change& change : report->changes) {
    worst = std::max(worst, change.verdict);
    measures.push_back(json_of(change, report->classes));
  }
  call.exchange->reply(json_response({{"model", {{"name", model.name}, {"version", model.version}}},
                                      {"reference", report->of},
                                      {"since", store::as_text(report->since)},
                                      {"answers", report->answers},
                                      {"verdict", drift::name(worst)},
                                      {"measures", std::move(measures)}}));
}

}  // namespace

void add_drift_routes(Router& router, Context& context) {
  router.add(
      {.method = "GET", .pattern = "/api/v1/drift", .role = store::Role::viewer, .handle = later(context, show)});
}

}  // namespace naevus::server
