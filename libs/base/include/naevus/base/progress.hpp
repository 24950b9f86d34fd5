#pragma once
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace naevus {

/// One line on standard error that shows how far a long step is: label, count, bar, rate and time left. Drawn at most
/// ten times a second, and only where standard error is a terminal; elsewhere nothing is printed. Thread-safe.
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
  void draw(bool last);

  std::mutex mutex_;
  std::string label_, unit_, note_;
  std::uint64_t total_, done_ = 0;
  std::chrono::steady_clock::time_point begin_, drawn_{};
  bool live_;
};

/// "1 h 04 min", "3 min 12 s", "8 s".
std::string duration_text(double seconds);

/// 5984 -> "5,984".
std::string grouped(std::uint64_t number);

}  // namespace naevus
