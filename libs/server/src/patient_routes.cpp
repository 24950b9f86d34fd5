#include <fmt/format.h>

#include "answer_json.hpp"
#include "context.hpp"
#include "json_body.hpp"
#include "naevus/store/patients.hpp"
#include "query.hpp"

namespace naevus::server {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void no_lesion() {
  throw Refusal(404, "no-lesion", "there is no lesion of that id", "it may have been removed");
}

Json lesion_json(const store::Lesion& lesion) {
  Json point;
  if (const auto& at = lesion.words.point) point = {{"view", at->view}, {"x", at->x}, {"y", at->y}};
  return {{"id", lesion.id},
          {"created_at", store::as_text(lesion.created_at)},
          {"actor", lesion.actor},
          {"patient_key", lesion.patient_key},
          {"point", point},
          {"site", lesion.words.site},
          {"note", lesion.words.note},
          {"predictions", lesion.predictions}};
}

store::BodyPoint read_point(const nlohmann::json& object) {
  if (!object.is_object())
    throw Refusal(400, "field", "the field `point` is no object",
                  "send {\"view\": \"anterior\", \"x\": 0.5, \"y\": 0.2}");
  check_names(object, {"view", "x", "y"});
  store::BodyPoint point{.view = need_text(object, "view", 20)};
  for (const auto& [name, value] : {std::pair{"x", &point.x}, {"y", &point.y}}) {
    const auto it = object.find(name);
    if (it == object.end() || !it->is_number())
      throw Refusal(400, "field", fmt::format("the field `point` has no number `{}`", name), "send one from 0 to 1");
    *value = it->get<double>();
  }
  return point;
}

store::LesionChange read_words(const std::string& body) {
  const auto object = read_json(body);
  check_names(object, {"point", "site", "note"});
  store::LesionChange words{.site = text_of(object, "site", 100), .note = text_of(object, "note", 4000)};
  if (const auto it = object.find("point"); it != object.end())
    words.point.emplace(it->is_null() ? std::nullopt : std::optional(read_point(*it)));
  return words;
}

void list(Context& context, const Call& call) {
  const auto asked = page_of(call.head());
  const auto page = store::patients(context.database, asked.limit, asked.cursor);
  Json answer{{"patients", Json::array()}};
  for (const auto& patient : page.patients)
    answer["patients"].push_back({{"key", patient.key},
                                  {"predictions", patient.predictions},
                                  {"lesions", patient.lesions},
                                  {"last_at", store::as_text(patient.last_at)}});
  answer["next"] = page.next.empty() ? Json() : Json(page.next);
  call.exchange->reply(json_response(answer));
}

void erase(Context& context, const Call& call) {
  check_patient_key(call.names[0]);
  const auto erased = store::erase_patient(context.database, context.pictures, call.actor, call.names[0]);
  if (!erased) throw Refusal(404, "no-patient", "there is no patient of that key", "it may have been erased");
  context.gallery.forget(erased->pictures);
  Json models = Json::array();
  for (const auto& model : erased->trained_on) models.push_back({{"name", model.name}, {"version", model.version}});
  call.exchange->reply(json_response({{"predictions", erased->predictions},
                                      {"lesions", erased->lesions},
                                      {"pictures_removed", erased->pictures.size()},
                                      {"models_trained_on_them", std::move(models)}}));
}

void list_lesions(Context& context, const Call& call) {
  check_patient_key(call.names[0]);
  Json answer{{"lesions", Json::array()}};
  for (const auto& lesion : store::lesions_of(context.database, call.names[0]))
    answer["lesions"].push_back(lesion_json(lesion));
  call.exchange->reply(json_response(answer));
}

void add_lesion(Context& context, const Call& call) {
  check_patient_key(call.names[0]);
  const auto said = read_words(call.exchange->body);
  const store::LesionWords words{
      .point = said.point.value_or(std::nullopt), .site = said.site.value_or(""), .note = said.note.value_or("")};
  const auto lesion = store::add_lesion(context.database, call.actor, call.names[0], words);
  Response response = json_response(lesion_json(lesion), 201);
  response.fields = {{"Location", "/api/v1/lesions/" + lesion.id}};
  call.exchange->reply(std::move(response));
}

void show_lesion(Context& context, const Call& call) {
  check_text("id", call.names[0], 100);
  const auto lesion = store::find_lesion(context.database, call.names[0]);
  if (!lesion) no_lesion();
  call.exchange->reply(json_response(lesion_json(*lesion)));
}

void change_lesion(Context& context, const Call& call) {
  check_text("id", call.names[0], 100);
  const auto lesion =
      store::change_lesion(context.database, call.actor, call.names[0], read_words(call.exchange->body));
  if (!lesion) no_lesion();
  call.exchange->reply(json_response(lesion_json(*lesion)));
}

void remove_lesion(Context& context, const Call& call) {
  check_text("id", call.names[0], 100);
  if (!store::remove_lesion(context.database, call.actor, call.names[0])) no_lesion();
  call.exchange->reply({.status = 204});
}

void file(Context& context, const Call& call) {
  check_text("id", call.names[0], 100);
  const auto object = read_json(call.exchange->body);
  check_names(object, {"lesion"});
  const bool none = object.contains("lesion") && object["lesion"].is_null();
  const auto filed =
      store::file_prediction(context.database, call.actor, call.names[0], none ? "" : need_text(object, "lesion", 100));
  if (!filed) throw Refusal(404, "no-prediction", "there is no prediction of that id", "it may have been erased");
  call.exchange->reply(
      json_response(json_of(*filed, context.models.card_of(filed->model, filed->model_version).get())));
}

}  // namespace

void add_patient_routes(Router& router, Context& context) {
  using store::Role;
  using Part = void (*)(Context&, const Call&);
  const auto add = [&](const char* method, const char* pattern, Role role, Part part, std::uint64_t body = 0) {
    router.add(
        {.method = method, .pattern = pattern, .role = role, .body_limit = body, .handle = later(context, part)});
  };
  constexpr std::uint64_t words = 32 << 10;
  add("GET", "/api/v1/patients", Role::viewer, list);
  add("DELETE", "/api/v1/patients/{key}", Role::admin, erase);
  add("GET", "/api/v1/patients/{key}/lesions", Role::viewer, list_lesions);
  add("POST", "/api/v1/patients/{key}/lesions", Role::clinician, add_lesion, words);
  add("GET", "/api/v1/lesions/{id}", Role::viewer, show_lesion);
  add("PATCH", "/api/v1/lesions/{id}", Role::clinician, change_lesion, words);
  add("DELETE", "/api/v1/lesions/{id}", Role::clinician, remove_lesion);
  add("PUT", "/api/v1/predictions/{id}/lesion", Role::clinician, file, 1 << 10);
}

}  // namespace naevus::server
