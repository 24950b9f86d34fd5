#pragma once
#include <atomic>
#include <functional>
#include <string>

#include "rate.hpp"
#include "tasks.hpp"

namespace naevus::server {

/// Holds what passwords may cost: Argon2id takes 64 MiB and a tenth of a second each time, and a stranger's guesses
/// must stay few.
class PasswordDesk {
 public:
  /// Counts a guess.
  /// @throws Refusal 429 with Retry-After after 10 in a minute from one address, or 30 for one name: who floods a name
  ///         is stopped by the address before its owner is
  void admit(const std::string& address, const std::string& name);

  /// Counts a guess of what has no name, a key: those of an address alone.
  /// @throws Refusal 429 with Retry-After
  void admit(const std::string& address);

  /// Runs it beside at most one other.
  /// @param work  must not throw
  /// @throws Refusal 503 with Retry-After where 32 wait or are worked at already
  void post(std::function<void()> work);

 private:
  RateLimit by_address_{10.0 / 60, 10}, by_name_{30.0 / 60, 30};
  std::atomic<int> under_way_ = 0;
  Tasks tasks_{2};
};

}  // namespace naevus::server
