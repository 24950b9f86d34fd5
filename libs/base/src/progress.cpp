#include "naevus/base/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "naevus/base/terminal.hpp"

namespace naevus {

Progress::Progress(std::string label, std::uint64_t total, std::string unit)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      begin_(std::chrono::steady_clock::now()),
      live_(stderr_is_terminal()) {}

Progress::~Progress() {
  finish();
}

void Progress::advance(std::uint64_t count) {
  const std::lock_guard lock(mutex_);
  done_ += count;
  draw(false);
}

void Progress::note(std::string text) {
  const std::lock_guard lock(mutex_);
  note_ = std::move(text);
  draw(false);
}

void Progress::finish() {
  const std::lock_guard lock(mutex_);
  draw(true);
  live_ = false;
}

void Progress::draw(bool last) {
  using namespace std::chrono_literals;
  if (!live_) return;
  const auto now = std::chrono::steady_clock::now();
  if (!last && now - drawn_ < 100ms) return;
  drawn_ = now;
  const double elapsed = std::chrono::duration<double>(now - begin_).count();
  const double rate = elapsed > 0 ? static_cast<double>(done_) / elapsed : 0;
  std::string line = fmt::format("\r\x1b[K{:<13} ", label_);
  if (total_ > 0) {
    constexpr std::size_t width = 22;
    const auto filled = static_cast<std::size_t>(
        std::clamp(std::floor(width * static_cast<double>(done_) / static_cast<double>(total_)), 0.0, double{width}));
    line += grouped(done_) + "/" + grouped(total_) + "  ";
    for (std::size_t i = 0; i < width; ++i) line += i < filled ? "━" : "─";
  } else {
    line += grouped(done_);
  }
  line += fmt::format("  {:.{}f}{}", rate, rate < 100 ? 1 : 0, unit_);
  if (!note_.empty()) line += "  " + note_;
  if (last)
    line += "  " + duration_text(elapsed) + "\n";
  else if (total_ > done_ && rate > 0)
    line += "  " + duration_text(static_cast<double>(total_ - done_) / rate) + " left";
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::max(0.0, std::round(seconds)));
  if (whole >= 3600) return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
  if (whole >= 60) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} s", whole);
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, ",");
  return text;
}

}  // namespace naevus
