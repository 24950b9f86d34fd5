#pragma once
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace naevus {

/// One line on standard error that shows how far a long step is: label, count, bar, rate and time left. Drawn at most
/// ten times a second, and only where standard error is a terminal; elsewhere nothing is printed. With
/// NAEVUS_PROGRESS=lines in the environment it is, for another program, a line each second of what read_progress()
/// takes. Thread-safe.
class Progress {
 public:
  /// @param total  number of items; 0 when not known
  Progress(std::string label, std::uint64_t total, std::string unit = "/s");
  ~Progress();  ///< leaves the line as it last was, ended
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance(std::uint64_t count = 1);
  /// Text behind the rate ("loss 0.641").
  void note(std::string text);
  /// Draws the last state and ends the line; further calls do nothing.
  void finish();

 private:
  enum class Form { none, bar, lines };

  void draw(bool last);
  void draw_bar(double elapsed, double rate, bool last) const;

  std::mutex mutex_;
  std::string label_, unit_, note_;
  std::uint64_t total_, done_ = 0;
  std::chrono::steady_clock::time_point begin_, drawn_{};
  Form form_;
};

/// How far a step of another program of naevus is.
struct ProgressState {
  std::string label, note;
  std::uint64_t done = 0, total = 0;   ///< items; a total of 0 is not known
  std::optional<double> seconds_left;  ///< where it can be told
};

/// What stands on a line of NAEVUS_PROGRESS=lines; nothing where it is another line.
std::optional<ProgressState> read_progress(std::string_view line);

/// Tells the program that asked for NAEVUS_PROGRESS=lines, if one did, what happened: a line of JSON.
void tell_event(const std::string& json);

/// The JSON of such a line; nothing where it is another line.
std::optional<std::string_view> read_event(std::string_view line);

/// "1 h 04 min", "3 min 12 s", "8 s".
std::string duration_text(double seconds);

/// 5984 -> "5,984".
std::string grouped(std::uint64_t number);

}  // namespace naevus
