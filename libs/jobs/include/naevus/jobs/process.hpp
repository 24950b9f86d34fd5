#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "naevus/base/parallel.hpp"

namespace naevus::jobs {

/// What a process may use; it is ended where it passes one.
struct Limits {
  std::optional<std::chrono::milliseconds> time;  ///< wall time; then it is asked to stop, and killed after `grace`
  std::optional<std::uint64_t> memory;            ///< bytes of address space (RLIMIT_AS)
  std::chrono::milliseconds grace{30'000};        ///< between the request to stop (SIGTERM) and SIGKILL
};

struct Command {
  std::filesystem::path program;
  std::vector<std::string> arguments;                            ///< without the program's name
  std::filesystem::path error_file;                              ///< where its standard error goes; empty: to ours
  std::function<void(const std::string&)> on_error_line;         ///< or here, in the thread of run()
  std::vector<std::pair<std::string, std::string>> environment;  ///< beside ours
  bool in_background = false;                                    ///< gives way to all other processes (niceness 19)
  Limits limits;
};

/// How a process ended.
struct Outcome {
  int exit_code = 0;       ///< 128 + the signal's number where one ended it
  bool timed_out = false;  ///< the time limit did
  bool cancelled = false;  ///< a stop was requested
};

/// Runs a program to its end. Its standard output comes back line by line; it gets no standard input. When a stop is
/// requested or its time is up it gets SIGTERM, and SIGKILL after the grace; it also gets SIGTERM if this process dies.
/// @param on_line  called in this thread for every line, without its end; may be empty
/// @throws IoError if it can't be started
Outcome run(const Command& command, const std::function<void(const std::string&)>& on_line = {},
            const StopToken& stop = interrupt_token());

/// A program of naevus: it stands beside the running one.
/// @throws IoError if it does not, with what to do
std::filesystem::path sibling_program(const std::string& name);

/// Becomes that program: the same process, files and signals. Returns only by throwing.
/// @throws IoError if it can't be started
[[noreturn]] void become(const std::filesystem::path& program, const std::vector<std::string>& arguments);

}  // namespace naevus::jobs
