#pragma once
#include <string>

/// Lines for the person who runs the program, on standard error: what happened, to what, and what they can do.
namespace naevus::log {

enum class Level { warning, info, debug };

/// Lines below the level are not shown. Default: warning; -v shows info, -vv debug.
void set_level(Level level);

void warning(const std::string& line);
void info(const std::string& line);
void debug(const std::string& line);

}  // namespace naevus::log
