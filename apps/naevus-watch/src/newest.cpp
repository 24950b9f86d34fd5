#include "newest.hpp"

#include <utility>

namespace naevus::watch {
namespace {

using Clock = std::chrono::steady_clock;

/// When a file's frames are due.
class OwnTime {
 public:
  /// Waits until it is. False: by now the next one is.
  bool wait_for(double seconds, double rate, const StopToken& stop) const {
    while (!stop.requested() && passed() < seconds) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return rate <= 0 || passed() < seconds + 1 / rate;
  }

 private:
  double passed() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

  Clock::time_point begin_ = Clock::now();
};

}  // namespace

Newest::Newest(Source& source)
    : source_(source), reader_([this] {
        try {
          read();
        } catch (...) {
          const std::lock_guard lock(mutex_);
          failure_ = std::current_exception();
        }
        const std::lock_guard lock(mutex_);
        ended_ = true;
        news_.notify_all();
      }) {}

Newest::~Newest() {
  leaving_.request();
  reader_.join();
}

void Newest::read() {
  const OwnTime time;
  while (source_.advance(leaving_))
    if (source_.live() || time.wait_for(source_.seconds(), source_.rate(), leaving_)) keep(source_.frame());
}

void Newest::keep(Frame frame) {
  const std::lock_guard lock(mutex_);
  frame_ = std::move(frame);
  news_.notify_all();
}

std::optional<Frame> Newest::take(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  news_.wait_for(lock, patience, [&] { return frame_ || ended_; });
  if (frame_) return std::exchange(frame_, std::nullopt);
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  return std::nullopt;
}

bool Newest::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_ && !frame_ && !failure_;
}

}  // namespace naevus::watch
