#pragma once
#include <chrono>
#include <string>

namespace naevus::store {

/// Universal time, to the millisecond.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

Time now();

/// "2026-01-31T09:30:00.125Z".
std::string as_text(Time time);

/// Who does something, as the audit log names them: "key:…", "user:…", or "local" for the command line and a server
/// without keys. An id, never a person's name.
struct Actor {
  std::string id;
};

}  // namespace naevus::store
