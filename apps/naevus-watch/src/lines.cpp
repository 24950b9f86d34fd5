#include <cstdio>

#include "naevus/base/error.hpp"
#include "newest.hpp"
#include "watch.hpp"

namespace naevus::watch {
namespace {

/// Which frames are looked at, by their time.
class Pace {
 public:
  explicit Pace(double rate) : gap_(rate > 0 ? 1 / rate : 0) {}

  bool due(double seconds) {
    constexpr double rounding = 1e-6;
    if (seconds + rounding < next_) return false;
    while (gap_ > 0 && next_ <= seconds + rounding) next_ += gap_;
    return true;
  }

 private:
  double gap_, next_ = 0;
};

class Lines {
 public:
  Lines(const infer::Classifier& classifier, double rate) : classifier_(classifier), pace_(rate) {}

  bool due(double seconds) { return pace_.due(seconds); }

  void write(const Frame& frame) {
    const Look look = look_at(classifier_, frame.picture);
    nlohmann::ordered_json line{{"frame", frame.number},
                                {"time_s", frame.seconds},
                                {"dropped", frame.number - answered_},
                                {"answer", json_of(classifier_.card(), look)}};
    ++answered_;
    const std::string text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
      throw IoError("standard output can't be written");
  }

 private:
  const infer::Classifier& classifier_;
  Pace pace_;
  std::uint64_t answered_ = 0;
};

}  // namespace

void write_lines(Source& source, const infer::Classifier& classifier, double rate, const StopToken& stop) {
  Lines lines(classifier, rate);
  if (source.live()) {
    for (Newest newest(source); !newest.ended(); stop.check())
      if (const auto frame = newest.take(std::chrono::milliseconds(50)); frame && lines.due(frame->seconds))
        lines.write(*frame);
    return;
  }
  while (source.advance(stop))
    if (lines.due(source.seconds())) lines.write(source.frame());
  stop.check();
}

}  // namespace naevus::watch
