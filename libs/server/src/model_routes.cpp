#include "context.hpp"
#include "json_body.hpp"
#include "naevus/store/models.hpp"

namespace naevus::server {
namespace {

using Json = nlohmann::ordered_json;

bool is(const std::optional<store::Model>& part, const store::Model& model) {
  return part && part->sha256 == model.sha256;
}

Json json_of(const store::Model& model, const store::ModelParts& parts) {
  const auto or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  return {{"id", model.sha256},
          {"name", model.name},
          {"version", model.version},
          {"created_at", store::as_text(model.created_at)},
          {"origin", store::name(model.origin)},
          {"parent", or_null(model.parent_sha256)},
          {"data_hash", or_null(model.data_hash)},
          {"serves", is(parts.serving, model)},
          {"shadow", is(parts.shadow, model)}};
}

void list(Context& context, const Call& call) {
  const auto parts = store::model_parts(context.database);
  Json models = Json::array();
  for (const auto& model : store::list_models(context.database)) models.push_back(json_of(model, parts));
  call.exchange->reply(json_response({{"models", std::move(models)}}));
}

Json agreement_of(Context& context, const store::Model& model) {
  Json all = Json::array();
  for (const auto& one : store::agreements_of(context.database, model.sha256)) {
    const auto served = store::find_model(context.database, one.served_sha256);
    if (!served) continue;
    all.push_back({{"with", {{"id", served->sha256}, {"name", served->name}, {"version", served->version}}},
                   {"pictures", one.pictures},
                   {"same_class", one.same_class},
                   {"same_decision", one.same_decision}});
  }
  return all;
}

void show(Context& context, const Call& call) {
  const auto model = model_asked_for(context, call);
  Json answer = json_of(model, store::model_parts(context.database));
  answer["note"] = model.note;
  answer["agreement"] = agreement_of(context, model);
  const auto card = context.models.card_of(model.name, model.version);
  answer["card"] = card ? Json::parse(model::to_json(*card)) : Json();
  if (card) answer["card"].erase("seen");  // hashes of the training pictures: long, and of use to training alone
  call.exchange->reply(json_response(answer));
}

void reply_with(Context& context, const Call& call, const store::Model& model) {
  call.exchange->reply(json_response(json_of(model, store::model_parts(context.database))));
}

void promote(Context& context, const Call& call) {
  const auto model = model_asked_for(context, call);
  context.models.promote(call.actor, model);
  reply_with(context, call, model);
}

void roll_back(Context& context, const Call& call) {
  reply_with(context, call, context.models.roll_back(call.actor));
}

void set_shadow(Context& context, const Call& call) {
  const auto model = model_asked_for(context, call);
  if (is(store::model_parts(context.database).serving, model))
    throw Refusal(409, "model-serves", "this model answers: it can't look on beside itself", "name another");
  store::set_shadow(context.database, call.actor, model.sha256);
  context.models.look();
  reply_with(context, call, model);
}

void end_shadow(Context& context, const Call& call) {
  const auto model = model_asked_for(context, call);
  if (!is(store::model_parts(context.database).shadow, model))
    throw Refusal(409, "no-shadow", "this model does not look on", "/api/v1/models tells which one does");
  store::set_shadow(context.database, call.actor, std::nullopt);
  context.models.look();
  reply_with(context, call, model);
}

}  // namespace

store::Model model_asked_for(Context& context, const Call& call) {
  const std::string& id = call.names.at(0);
  const bool is_hash = id.size() == 64 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
  auto model = is_hash ? store::find_model(context.database, id) : std::nullopt;
  if (!model) throw Refusal(404, "no-model", "there is no such model", "/api/v1/models lists those there are");
  return *std::move(model);
}

void add_model_routes(Router& router, Context& context) {
  using Part = void (*)(Context&, const Call&);
  const auto read = [&](const char* pattern, Part part) {
    router.add({.method = "GET", .pattern = pattern, .role = store::Role::viewer, .handle = later(context, part)});
  };
  const auto change = [&](const char* method, const char* pattern, Part part) {
    router.add({.method = method,
                .pattern = pattern,
                .role = store::Role::admin,
                .needs_model = true,
                .handle = [&context, part](const Call& call) {
                  context.models.post([&context, part, call] { answered(call, [&] { part(context, call); }); });
                }});
  };
  read("/api/v1/models", list);
  change("POST", "/api/v1/models/rollback", roll_back);
  read("/api/v1/models/{id}", show);
  change("POST", "/api/v1/models/{id}/promote", promote);
  change("PUT", "/api/v1/models/{id}/shadow", set_shadow);
  change("DELETE", "/api/v1/models/{id}/shadow", end_shadow);
}

}  // namespace naevus::server
