#include "naevus/base/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "naevus/base/terminal.hpp"

namespace naevus {
namespace {

constexpr std::string_view mark = "naevus-progress\t", event_mark = "naevus-event\t";

bool lines_are_asked_for() {
  const char* const asked = std::getenv("NAEVUS_PROGRESS");
  return asked != nullptr && std::string_view(asked) == "lines";
}

std::string one_line(std::string text) {
  std::replace_if(text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return text;
}

std::string line_of(const std::string& label, std::uint64_t done, std::uint64_t total, double rate,
                    const std::string& note) {
  const std::string left =
      total > done && rate > 0 ? fmt::format("{:.1f}", static_cast<double>(total - done) / rate) : "";
  return fmt::format("{}{}\t{}\t{}\t{}\t{}\n", mark, one_line(label), done, total, left, one_line(note));
}

}  // namespace

Progress::Progress(std::string label, std::uint64_t total, std::string unit)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      begin_(std::chrono::steady_clock::now()),
      form_(stderr_is_terminal() ? Form::bar : Form::none) {
  if (lines_are_asked_for()) form_ = Form::lines;
}

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
  form_ = Form::none;
}

void Progress::draw(bool last) {
  using namespace std::chrono_literals;
  if (form_ == Form::none) return;
  const auto now = std::chrono::steady_clock::now();
  if (!last && now - drawn_ < (form_ == Form::bar ? 100ms : 1000ms)) return;
  drawn_ = now;
  const double elapsed = std::chrono::duration<double>(now - begin_).count();
  const double rate = elapsed > 0 ? static_cast<double>(done_) / elapsed : 0;
  if (form_ == Form::bar)
    draw_bar(elapsed, rate, last);
  else
    std::fputs(line_of(label_, done_, total_, rate, note_).c_str(), stderr);
  std::fflush(stderr);
}

void Progress::draw_bar(double elapsed, double rate, bool last) const {
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
}

std::optional<ProgressState> read_progress(std::string_view line) {
  if (!line.starts_with(mark)) return std::nullopt;
  std::array<std::string_view, 6> parts;
  for (auto& part : parts) {
    const auto end = std::min(line.find('\t'), line.size());
    part = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  ProgressState state{.label = std::string(parts[1]), .note = std::string(parts[5])};
  const auto number = [](std::string_view text, auto& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
  };
  if (!number(parts[2], state.done) || !number(parts[3], state.total)) return std::nullopt;
  if (double seconds = 0; number(parts[4], seconds)) state.seconds_left = seconds;
  return state;
}

void tell_event(const std::string& json) {
  if (!lines_are_asked_for()) return;
  std::fputs(fmt::format("{}{}\n", event_mark, one_line(json)).c_str(), stderr);
  std::fflush(stderr);
}

std::optional<std::string_view> read_event(std::string_view line) {
  if (!line.starts_with(event_mark)) return std::nullopt;
  return line.substr(event_mark.size());
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
