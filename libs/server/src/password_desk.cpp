#include "password_desk.hpp"

#include <fmt/format.h>

#include <cmath>

#include "naevus/server/http.hpp"

namespace naevus::server {

void PasswordDesk::admit(const std::string& address, const std::string& name) {
  const auto now = RateLimit::Time::clock::now();
  double wait = by_address_.wait(address, now);
  if (wait <= 0) wait = by_name_.wait(name, now);
  if (wait > 0)
    throw Refusal(429, "sign-in-rate", "there were too many attempts to sign in", "wait a little",
                  {{"Retry-After", fmt::format("{:.0f}", std::ceil(wait))}});
}

void PasswordDesk::post(std::function<void()> work) {
  constexpr int most = 32;
  if (++under_way_ > most) {
    --under_way_;
    throw Refusal(503, "busy", "too many passwords are being checked", "try again soon", {{"Retry-After", "2"}});
  }
  tasks_.post([this, work = std::move(work)] {
    work();
    --under_way_;
  });
}

}  // namespace naevus::server
