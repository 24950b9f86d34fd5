#pragma once
#include <optional>
#include <string>

#include "context.hpp"

namespace naevus::server {

/// Who asks. @throws Refusal 401 without a valid key or session; 403 where the role is too low, or a session comes
/// without what only our own page knows: its CSRF token, and of a WebSocket the Origin
struct Caller {
  store::Actor actor;
  store::Role role;
};
Caller caller_of(Context& context, const Head& head, const Route& route);

/// The session whose cookie the request has, if it lasts and the request has no key.
std::optional<store::Session> session_of(Context& context, const Head& head);

/// Set-Cookie with that secret; with an empty one the browser forgets it.
Fields session_cookie(const Context& context, const std::string& secret);

}  // namespace naevus::server
