#include "caller.hpp"
#include "context.hpp"
#include "json_body.hpp"
#include "naevus/store/sessions.hpp"

namespace naevus::server {
namespace {

using Json = nlohmann::ordered_json;

Json session_json(const store::Session& session) {
  return {{"needed", true},
          {"actor", session.user.actor().id},
          {"role", store::name(session.user.role)},
          {"user", {{"id", session.user.id}, {"name", session.user.name}}},
          {"csrf_token", session.csrf_token},
          {"ends_at", store::as_text(session.ends_at)}};
}

struct Said {
  std::string name, password;
};

void begin(Context& context, const Call& call, const Said& said) {
  const auto started = store::sign_in(context.database, said.name, said.password, context.options.sessions);
  if (!started) throw Refusal(401, "sign-in", "name or password is wrong", "an admin can set a new password");
  Response response = json_response(session_json(started->session), 201);
  response.fields = session_cookie(context, started->secret);
  response.fields.emplace_back("Location", "/api/v1/sessions/current");
  call.exchange->reply(std::move(response));
}

void sign_in(Context& context, const Call& call) {
  const auto object = read_json(call.exchange->body);
  check_names(object, {"name", "password"});
  const Said said{.name = need_text(object, "name", 200), .password = need_text(object, "password", 1024)};
  if (!context.asks_for_keys())
    throw Refusal(409, "no-sign-in", "nobody needs to sign in here", "start the server with --keys to ask for it");
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
