#include "context.hpp"
#include "json_body.hpp"
#include "naevus/store/models.hpp"
#include "query.hpp"

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

Json named(const store::Model& model) {
  return {{"id", model.sha256}, {"name", model.name}, {"version", model.version}};
}

void list(Context& context, const Call& call) {
  const auto parts = store::model_parts(context.database);
  Json models = Json::array();
  for (const auto& model : store::list_models(context.database)) models.push_back(json_of(model, parts));
  call.exchange->reply(json_response({{"models", std::move(models)}}));
}

void show_history(Context& context, const Call& call) {
  const PageAsked asked = page_of(call.head());
  const auto page = store::model_history(context.database, asked.limit, asked.cursor);
  Json changes = Json::array();
  for (const auto& change : page.changes)
    changes.push_back({{"at", store::as_text(change.at)},
                       {"actor", change.actor},
                       {"kind", change.kind},
                       {"model", named(change.model)},
                       {"reason", change.reason}});
  call.exchange->reply(
      json_response({{"changes", std::move(changes)}, {"next", page.next.empty() ? Json() : Json(page.next)}}));
}

Json agreement_of(Context& context, const store::Model& model) {
  Json all = Json::array();
  for (const auto& one : store::agreements_of(context.database, model.sha256)) {
    const auto served = store::find_model(context.database, one.served_sha256);
    if (!served) continue;
    all.push_back({{"with", named(*served)},
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

/// Why the models are changed, where the caller says it.
std::string reason_of(const Call& call) {
  if (call.exchange->body.empty()) return "";
  const auto object = read_json(call.exchange->body);
  check_names(object, {"reason"});
  return text_of(object, "reason", 1000).value_or("");
}

void promote(Context& context, const Call& call) {
  const std::string reason = reason_of(call);
  const auto model = model_asked_for(context, call);
  context.models.promote(call.actor, model, reason);
  reply_with(context, call, model);
}

void roll_back(Context& context, const Call& call) {
  reply_with(context, call, context.models.roll_back(call.actor, reason_of(call)));
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
  constexpr std::uint64_t with_reason = 8 << 10;
  const auto read = [&](const char* pattern, Part part) {
    router.add({.method = "GET", .pattern = pattern, .role = store::Role::viewer, .handle = later(context, part)});
  };
  const auto change = [&](const char* method, const char* pattern, Part part, std::uint64_t body_limit = 0) {
    router.add({.method = method,
                .pattern = pattern,
                .role = store::Role::admin,
                .body_limit = body_limit,
                .needs_model = true,
                .handle = [&context, part](const Call& call) {
                  context.models.post([&context, part, call] { answered(call, [&] { part(context, call); }); });
                }});
  };
  read("/api/v1/models", list);
  read("/api/v1/models/history", show_history);
  change("POST", "/api/v1/models/rollback", roll_back, with_reason);
  read("/api/v1/models/{id}", show);
  change("POST", "/api/v1/models/{id}/promote", promote, with_reason);
  change("PUT", "/api/v1/models/{id}/shadow", set_shadow);
  change("DELETE", "/api/v1/models/{id}/shadow", end_shadow);
}

}  // namespace naevus::server
