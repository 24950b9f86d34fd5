#include "caller.hpp"
#include "context.hpp"
#include "json_body.hpp"
#include "naevus/store/sessions.hpp"

namespace naevus::server {
namespace {

using Json = nlohmann::ordered_json;

Json session_json(const store::Session& session) {
  Json json{{"needed", true}, {"actor", session.actor.id}, {"role", store::name(session.role)}};
  if (session.user) json["user"] = {{"id", session.user->id}, {"name", session.user->name}};
  json["csrf_token"] = session.csrf_token;
  json["ends_at"] = store::as_text(session.ends_at);
  return json;
}

struct Said {
  std::string name, password;
};

void reply_with(Context& context, const Call& call, const store::StartedSession& started) {
  Response response = json_response(session_json(started.session), 201);
  response.fields = session_cookie(context, started.secret);
  response.fields.emplace_back("Location", "/api/v1/sessions/current");
  call.exchange->reply(std::move(response));
}

void begin(Context& context, const Call& call, const Said& said) {
  const auto started = store::sign_in(context.database, said.name, said.password, context.options.sessions);
  if (!started) throw Refusal(401, "sign-in", "name or password is wrong", "an admin can set a new password");
  reply_with(context, call, *started);
}

void begin_with_key(Context& context, const Call& call, const std::string& key) {
  const auto started = store::sign_in_with_key(context.database, key, context.options.sessions);
  if (!started)
    throw Refusal(401, "sign-in", "the API key is not valid: unknown, expired or revoked",
                  "`naevus key create` makes a new one");
  reply_with(context, call, *started);
}

void check_needed(const Context& context) {
  if (!context.asks_for_keys())
    throw Refusal(409, "no-sign-in", "nobody needs to sign in here", "start the server with --keys to ask for it");
}

void sign_in(Context& context, const Call& call) {
  const auto object = read_json(call.exchange->body);
  if (object.contains("key")) {
    check_names(object, {"key"});
    const std::string key = need_text(object, "key", 200);
    check_needed(context);
    context.passwords.admit(call.head().address);
    return answered_later(context, call, [&context, key](const Call& then) { begin_with_key(context, then, key); });
  }
  check_names(object, {"name", "password"});
  const Said said{.name = need_text(object, "name", 200), .password = need_text(object, "password", 1024)};
  check_needed(context);
  context.passwords.admit(call.head().address, said.name);
  context.passwords.post([&context, call, said] { answered(call, [&] { begin(context, call, said); }); });
}

void show(Context& context, const Call& call) {
  const bool needed = context.asks_for_keys();
  if (const auto session = needed ? session_of(context, call.head()) : std::nullopt)
    return call.exchange->reply(json_response(session_json(*session)));
  call.exchange->reply(json_response({{"needed", needed}, {"actor", call.actor.id}, {"role", store::name(call.role)}}));
}

void sign_out(Context& context, const Call& call) {
  const auto session = session_of(context, call.head());
  if (!session || !store::end_session(context.database, call.actor, session->id))
    throw Refusal(404, "no-session", "nobody is signed in with this request");
  call.exchange->reply({.status = 204, .fields = session_cookie(context, {})});
}

}  // namespace

void add_session_routes(Router& router, Context& context) {
  router.add(
      {.method = "POST", .pattern = "/api/v1/sessions", .body_limit = 16 << 10, .handle = [&context](const Call& call) {
         sign_in(context, call);
       }});
  const auto add = [&](const char* method, void (*part)(Context&, const Call&)) {
    router.add({.method = method,
                .pattern = "/api/v1/sessions/current",
                .role = store::Role::viewer,
                .handle = later(context, part)});
  };
  add("GET", show);
  add("DELETE", sign_out);
}

}  // namespace naevus::server
