#include <algorithm>

#include "context.hpp"
#include "json_body.hpp"
#include "naevus/store/access.hpp"

namespace naevus::server {
namespace {

using Json = nlohmann::ordered_json;

Json user_json(const store::User& user) {
  return {{"id", user.id},
          {"name", user.name},
          {"role", store::name(user.role)},
          {"created_at", store::as_text(user.created_at)}};
}

[[noreturn]] void no_user() {
  throw Refusal(404, "no-user", "there is no user of that id", "GET /api/v1/users lists them");
}

void list(Context& context, const Call& call) {
  Json answer{{"users", Json::array()}};
  for (const auto& user : store::list_users(context.database)) answer["users"].push_back(user_json(user));
  call.exchange->reply(json_response(answer));
}

/// Runs it where a password's hash may be made.
void at_desk(Context& context, const Call& call, std::function<void()> part) {
  context.passwords.post([call, part = std::move(part)] { answered(call, part); });
}

void add(Context& context, const Call& call) {
  const auto object = read_json(call.exchange->body);
  check_names(object, {"name", "role", "password"});
  const store::NewUser wanted{.name = need_text(object, "name", 200),
                              .role = store::parse_role(need_text(object, "role", 20)),
                              .password = need_text(object, "password", 1024)};
  at_desk(context, call, [&context, call, wanted] {
    Response response = json_response(user_json(store::add_user(context.database, call.actor, wanted)), 201);
    call.exchange->reply(std::move(response));
  });
}

void remove(Context& context, const Call& call) {
  check_text("id", call.names[0], 100);
  const auto removal = store::remove_user(context.database, call.actor, call.names[0]);
  if (removal == store::UserRemoval::no_such_user) no_user();
  if (removal == store::UserRemoval::last_admin)
    throw Refusal(409, "last-admin", "nobody would be left to add and remove users",
                  "make another admin first, or use `naevus user remove`");
  call.exchange->reply({.status = 204});
}

/// @throws Refusal 403 unless this is the user's password
void check_old(Context& context, const Call& call, const std::string& id, const std::string& old) {
  const auto users = store::list_users(context.database);
  const auto it = std::find_if(users.begin(), users.end(), [&](const auto& user) { return user.id == id; });
  if (it == users.end()) no_user();
  context.passwords.admit(call.head().address, it->name);
  if (!store::find_user(context.database, it->name, old))
    throw Refusal(403, "old-password", "the old password is wrong", "an admin can set a new one without it");
}

void set_password(Context& context, const Call& call) {
  const std::string id = call.names[0];
  check_text("id", id, 100);
  const auto object = read_json(call.exchange->body);
  check_names(object, {"password", "old_password"});
  const std::string password = need_text(object, "password", 1024);
  const bool own = call.actor.id == store::User{.id = id}.actor().id;
  if (!own && call.role != store::Role::admin)
    throw Refusal(403, "role", "this is another user's password: setting it takes the role admin");
  const std::string old = own ? need_text(object, "old_password", 1024) : "";
  at_desk(context, call, [&context, call, id, password, own, old] {
    if (own) check_old(context, call, id, old);
    if (!store::set_password(context.database, call.actor, id, password)) no_user();
    call.exchange->reply({.status = 204});
  });
}

}  // namespace

void add_user_routes(Router& router, Context& context) {
  using store::Role;
  constexpr std::uint64_t body = 16 << 10;
  router.add({.method = "GET", .pattern = "/api/v1/users", .role = Role::admin, .handle = later(context, list)});
  router.add({.method = "POST",
              .pattern = "/api/v1/users",
              .role = Role::admin,
              .body_limit = body,
              .handle = [&context](const Call& call) { add(context, call); }});
  router.add(
      {.method = "DELETE", .pattern = "/api/v1/users/{id}", .role = Role::admin, .handle = later(context, remove)});
  router.add({.method = "PUT",
              .pattern = "/api/v1/users/{id}/password",
              .role = Role::viewer,
              .body_limit = body,
              .handle = [&context](const Call& call) { set_password(context, call); }});
}

}  // namespace naevus::server
