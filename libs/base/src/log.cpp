#include "naevus/base/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace naevus::log {
namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = spdlog::stderr_color_mt("naevus");
    made->set_pattern("%^%l%$: %v");
    made->set_level(spdlog::level::warn);
    return made;
  }();
  return *instance;
}

}  // namespace

void set_level(Level level) {
  switch (level) {
    case Level::warning:
      logger().set_level(spdlog::level::warn);
      break;
    case Level::info:
      logger().set_level(spdlog::level::info);
      break;
    case Level::debug:
      logger().set_level(spdlog::level::debug);
      break;
  }
}

void warning(const std::string& line) {
  logger().warn(line);
}
void info(const std::string& line) {
  logger().info(line);
}
void debug(const std::string& line) {
  logger().debug(line);
}

}  // namespace naevus::log
