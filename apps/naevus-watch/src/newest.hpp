#pragma once
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "source.hpp"

namespace naevus::watch {

/// Reads a source on a thread of its own and keeps the newest frame alone: who is slow sees what is, not what was. A
/// file is read in its own time.
class Newest {
 public:
  explicit Newest(Source& source);
  ~Newest();
  Newest(const Newest&) = delete;
  Newest& operator=(const Newest&) = delete;

  /// A frame that was not taken yet, waited for as long; nothing where none came.
  /// @throws what reading the source threw
  std::optional<Frame> take(std::chrono::milliseconds patience);
  /// Whether all frames were taken and no further will come.
  bool ended() const;

 private:
  void read();
  void keep(Frame frame);

  Source& source_;
  StopToken leaving_;
  mutable std::mutex mutex_;
  std::condition_variable news_;
  std::optional<Frame> frame_;
  std::exception_ptr failure_;
  bool ended_ = false;
  std::thread reader_;
};

}  // namespace naevus::watch
