#include <fmt/format.h>

#include "answer_json.hpp"
#include "context.hpp"
#include "fhir_json.hpp"
#include "json_body.hpp"
#include "naevus/store/feedback.hpp"
#include "naevus/store/predictions.hpp"
#include "query.hpp"

namespace naevus::server {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void no_prediction() {
  throw Refusal(404, "no-prediction", "there is no prediction of that id", "it may have been erased");
}

/// With the limits of the model that looked, whichever answers now.
Json told(Context& context, const store::Prediction& prediction) {
  return json_of(prediction, context.models.card_of(prediction.model, prediction.model_version).get());
}

void list(Context& context, const Call& call) {
  store::HistoryFilter filter;
  std::size_t limit = 50;
  std::string cursor;
  for (const auto& [name, value] : call.head().query) {
    check_text(name, value, 500);
    if (name == "limit")
      limit = limit_of(value);
    else if (name == "cursor")
      cursor = value;
    else if (name == "from")
      filter.from = time_of(name, value);
    else if (name == "until")
      filter.until = time_of(name, value);
    else if (name == "model")
      filter.model = value;
    else if (name == "predicted")
      filter.predicted_class = value;
    else if (name == "decision")
      filter.decision = value;
    else if (name == "patient_key")
      filter.patient_key = value;
    else if (name == "lesion")
      filter.lesion = value;
    else
      refuse_parameter(name, "limit, cursor, from, until, model, predicted, decision, patient_key and lesion");
  }
  const auto page = store::history(context.database, filter, limit, cursor);
  Json answer{{"predictions", Json::array()}};
  for (const auto& prediction : page.predictions) answer["predictions"].push_back(told(context, prediction));
  answer["next"] = page.next.empty() ? Json() : Json(page.next);
  call.exchange->reply(json_response(answer));
}

void show(Context& context, const Call& call) {
  const auto prediction = store::find_prediction(context.database, call.names[0]);
  if (!prediction) no_prediction();
  call.exchange->reply(json_response(told(context, *prediction)));
}

void show_fhir(Context& context, const Call& call) {
  const auto prediction = store::find_prediction(context.database, call.names[0]);
  if (!prediction) no_prediction();
  Response response = json_response(fhir_of(told(context, *prediction)));
  response.content_type = "application/fhir+json";
  call.exchange->reply(std::move(response));
}

Json models_json(const std::vector<store::ModelVersion>& models) {
  Json list = Json::array();
  for (const auto& model : models) list.push_back({{"name", model.name}, {"version", model.version}});
  return list;
}

void erase(Context& context, const Call& call) {
  const auto erased = store::erase_prediction(context.database, context.pictures, call.actor, call.names[0]);
  if (!erased) no_prediction();
  if (erased->picture_removed) context.gallery.forget({erased->picture});
  call.exchange->reply(json_response({{"erased", call.names[0]},
                                      {"picture_removed", erased->picture_removed},
                                      {"models_trained_on_it", models_json(erased->trained_on)}}));
}

Json feedback_json(const store::Feedback& feedback) {
  return {{"id", feedback.id},           {"created_at", store::as_text(feedback.created_at)},
          {"reader", feedback.reader},   {"verdict", store::name(feedback.verdict)},
          {"label", feedback.label},     {"histopathology", feedback.histopathology},
          {"comment", feedback.comment}, {"superseded", feedback.superseded}};
}

struct Said {
  store::Feedback feedback;
  bool judged = false;  ///< else only the label is given, by who was not told what the model said
};

Said read_feedback(const Exchange& exchange) {
  Said read;
  store::Feedback& feedback = read.feedback;
  const nlohmann::json said = read_json(exchange.body);
  for (const auto& [name, value] : said.items()) {
    const bool is_text = name == "verdict" || name == "label" || name == "comment";
    if (!is_text && name != "histopathology")
      throw Refusal(400, "field", fmt::format("the field `{}` is not known", name),
                    "there are verdict, label, histopathology and comment");
    if (is_text ? !value.is_string() : !value.is_boolean())
      throw Refusal(400, "field", fmt::format("the field `{}` is no {}", name, is_text ? "text" : "true or false"));
    if (is_text) check_text(name, value.get<std::string>(), name == "comment" ? 4000 : 100);
    if (name == "verdict") {
      feedback.verdict = store::parse_verdict(value);
      read.judged = true;
    } else if (name == "label") {
      feedback.label = value;
    } else if (name == "comment") {
      feedback.comment = value;
    } else {
      feedback.histopathology = value;
    }
  }
  if (!read.judged && feedback.label.empty())
    throw Refusal(400, "field", "the field `verdict` is missing",
                  "it is agrees, corrects or unsure; or send a `label` alone");
  return read;
}

void take_feedback(Context& context, const Call& call) {
  auto [feedback, judged] = read_feedback(*call.exchange);
  feedback.prediction = call.names[0];
  if (!judged) {
    const auto prediction = store::find_prediction(context.database, feedback.prediction);
    if (!prediction) no_prediction();
    feedback.verdict =
        feedback.label == prediction->predicted_class() ? store::Verdict::agrees : store::Verdict::corrects;
  }
  const auto kept = store::add_feedback(context.database, call.actor, std::move(feedback));
  if (!kept) no_prediction();
  call.exchange->reply(json_response(feedback_json(*kept), 201));
}

void take_back_feedback(Context& context, const Call& call) {
  const auto taken = store::take_back_feedback(context.database, call.actor, call.names[0], call.names[1]);
  switch (taken.outcome) {
    case store::TakingBack::no_such_feedback:
      throw Refusal(404, "no-feedback", "there is no feedback of that id on this prediction",
                    "it may have been taken back, or erased with the prediction");
    case store::TakingBack::another_readers:
      throw Refusal(403, "not-yours", "this was said by somebody else", "each reader takes back what they said");
    case store::TakingBack::superseded:
      throw Refusal(409, "superseded", "you have said something newer of this prediction",
                    "take that back first, or say what you hold it to be now");
    case store::TakingBack::done:
      break;
  }
  call.exchange->reply(
      json_response({{"taken_back", call.names[1]},
                     {"counts_again", taken.counts_again ? feedback_json(*taken.counts_again) : Json()},
                     {"models_trained_on_it", models_json(taken.trained_on)}}));
}

void list_feedback(Context& context, const Call& call) {
  if (!store::find_prediction(context.database, call.names[0])) no_prediction();
  Json answer{{"feedback", Json::array()}};
  for (const auto& one : store::feedback_of(context.database, call.names[0]))
    answer["feedback"].push_back(feedback_json(one));
  call.exchange->reply(json_response(answer));
}

}  // namespace

void add_history_routes(Router& router, Context& context) {
  using Part = void (*)(Context&, const Call&);
  const auto add = [&](const char* method, const char* pattern, store::Role role, Part part, std::uint64_t body = 0) {
    router.add(
        {.method = method, .pattern = pattern, .role = role, .body_limit = body, .handle = later(context, part)});
  };
  using store::Role;
  add("GET", "/api/v1/predictions", Role::viewer, list);
  add("GET", "/api/v1/predictions/{id}", Role::viewer, show);
  add("GET", "/api/v1/predictions/{id}/fhir", Role::viewer, show_fhir);
  add("DELETE", "/api/v1/predictions/{id}", Role::admin, erase);
  add("GET", "/api/v1/predictions/{id}/feedback", Role::viewer, list_feedback);
  add("POST", "/api/v1/predictions/{id}/feedback", Role::clinician, take_feedback, 16 << 10);
  add("DELETE", "/api/v1/predictions/{id}/feedback/{feedback}", Role::clinician, take_back_feedback);
}

}  // namespace naevus::server
