#include "password_desk.hpp"

#include <fmt/format.h>

#include <cmath>

#include "naevus/server/http.hpp"

namespace naevus::server {

namespace {

void refuse_for(double seconds) {
  if (seconds > 0)
    throw Refusal(429, "sign-in-rate", "there were too many attempts to sign in", "wait a little",
                  {{"Retry-After", fmt::format("{:.0f}", std::ceil(seconds))}});
}

}  // namespace

void PasswordDesk::admit(const std::string& address, const std::string& name) {
  admit(address);
  refuse_for(by_name_.wait(name, RateLimit::Time::clock::now()));
}

void PasswordDesk::admit(const std::string& address) {
  refuse_for(by_address_.wait(address, RateLimit::Time::clock::now()));
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
