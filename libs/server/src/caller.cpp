#include "caller.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

namespace naevus::server {
namespace {

std::optional<std::string> bearer(const Head& head) {
  const auto field = find(head.fields, "authorization");
  constexpr std::string_view scheme = "Bearer ";
  if (!field || !field->starts_with(scheme)) return std::nullopt;
  return field->substr(scheme.size());
}

/// With the prefix a browser takes the cookie from this very host alone, over TLS.
std::string cookie_name(const Context& context) {
  return context.behind_tls() ? "__Host-naevus-session" : "naevus-session";
}

/// The value of a cookie (RFC 6265, section 4.2).
std::optional<std::string> cookie(const Head& head, const std::string& name) {
  for (const auto& [field, value] : head.fields) {
    if (field != "cookie") continue;
    for (std::string_view rest = value; !rest.empty();) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      std::string_view pair = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
      if (pair.starts_with(name + "=")) return std::string(pair.substr(name.size() + 1));
    }
  }
  return std::nullopt;
}

/// What a page of another site can't send, though the browser would send the cookie with it.
void check_origin(const Head& head, const Route& route, const store::Session& session) {
  if (route.live && !find(head.fields, "origin"))
    throw Refusal(403, "wrong-origin", "a WebSocket with a session says which page opens it (Origin)");
  if (head.method == "GET") return;
  const std::string token = find(head.fields, "x-csrf-token").value_or("");
  if (token.size() == session.csrf_token.size() &&
      CRYPTO_memcmp(token.data(), session.csrf_token.data(), token.size()) == 0)
    return;
  throw Refusal(403, "csrf", "the header X-CSRF-Token is missing, or is not this session's",
                "send the `csrf_token` of GET /api/v1/sessions/current");
}

Caller known_caller(Context& context, const Head& head, const Route& route) {
  constexpr const char* advice = "sign in, or send Authorization: Bearer nv_…; `naevus key create` makes a key";
  const Fields fields{{"WWW-Authenticate", "Bearer"}};
  if (const auto secret = bearer(head)) {
    const auto key = store::find_key(context.database, *secret);
    if (!key) throw Refusal(401, "key", "the API key is not valid: unknown, expired or revoked", advice, fields);
    return {.actor = key->actor(), .role = key->role};
  }
  const auto session = session_of(context, head);
  if (!session && cookie(head, cookie_name(context)))
    throw Refusal(401, "session", "the session has ended", "sign in again", fields);
  if (!session) throw Refusal(401, "key", "an API key or a session is asked for", advice, fields);
  check_origin(head, route, *session);
  return {.actor = session->actor, .role = session->role};
}

}  // namespace

Caller caller_of(Context& context, const Head& head, const Route& route) {
  if (!context.asks_for_keys()) return {.actor = {"local"}, .role = store::Role::admin};
  if (!route.role) return {.actor = {"local"}, .role = store::Role::viewer};
  const Caller caller = known_caller(context, head, route);
  if (caller.role < *route.role)
    throw Refusal(
        403, "role",
        fmt::format("this takes the role {}, yours is {}", store::name(*route.role), store::name(caller.role)));
  return caller;
}

std::optional<store::Session> session_of(Context& context, const Head& head) {
  const auto secret = bearer(head) ? std::nullopt : cookie(head, cookie_name(context));
  return secret ? store::find_session(context.database, *secret, context.options.sessions) : std::nullopt;
}

Fields session_cookie(const Context& context, const std::string& secret) {
  return {{"Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict{}{}", cookie_name(context), secret,
                                     context.behind_tls() ? "; Secure" : "", secret.empty() ? "; Max-Age=0" : "")}};
}

}  // namespace naevus::server
