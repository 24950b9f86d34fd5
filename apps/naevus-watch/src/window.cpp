#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <opencv2/highgui.hpp>
#include <opencv2/imgproc.hpp>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/image/encode.hpp"
#include "newest.hpp"
#include "overlay.hpp"
#include "watch.hpp"

namespace naevus::watch {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;
constexpr const char* title = "naevus watch";

class Window {
 public:
  Window() { cv::namedWindow(title, cv::WINDOW_NORMAL | cv::WINDOW_KEEPRATIO | cv::WINDOW_GUI_NORMAL); }
  ~Window() { cv::destroyAllWindows(); }
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  void show(image::Image picture) {
    const cv::Mat colours(picture.height, picture.width, CV_8UC3, picture.pixels.data());
    cv::cvtColor(colours, colours, cv::COLOR_RGB2BGR);
    if (!sized_) cv::resizeWindow(title, picture.width, picture.height);
    sized_ = true;
    cv::imshow(title, colours);
  }

  /// The key that was pressed, waited for as long; 'q' where the window was closed.
  int key(std::chrono::milliseconds patience) const {
    constexpr int escape = 27;
    const int pressed = cv::waitKey(static_cast<int>(patience.count()));
    const bool closed = cv::getWindowProperty(title, cv::WND_PROP_VISIBLE) < 1;
    return closed || pressed == escape ? 'q' : pressed;
  }

 private:
  bool sized_ = false;
};

/// A new file, whatever is there.
fs::path save(const Frame& frame, const fs::path& folder) {
  fs::path path = folder / fmt::format("frame-{:06}.png", frame.number);
  for (int more = 2; fs::exists(path); ++more) path = folder / fmt::format("frame-{:06}-{}.png", frame.number, more);
  write_file(path, image::encode_png(frame.picture));
  return path;
}

}  // namespace

void need_display() {
  // Qt ends a process that finds no display: it is asked in a child.
  const pid_t child = fork();
  if (child == 0) {
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    if (std::freopen("/dev/null", "w", stderr) == nullptr) _exit(1);
    try {
      cv::namedWindow("naevus");
      cv::destroyAllWindows();
    } catch (const cv::Exception&) {
      _exit(1);
    }
    _exit(0);
  }
  int status = 1;
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
    throw IoError("there is no display to open a window on", "",
                  "start it on a desktop, or with --json, which writes the answers as lines");
}

void show_window(Source& source, const infer::Classifier& classifier, const fs::path& folder, const StopToken& stop) {
  Newest newest(source);
  Window window;
  Frame frame;
  Look look;
  bool frozen = false;
  std::string note;
  for (auto came = Clock::now();; stop.check()) {
    auto next = newest.take(frozen ? 0ms : 20ms);
    if (next && !frozen) {
      frame = std::move(*next);
      look = look_at(classifier, frame.picture);
      came = Clock::now();
    }
    if (frame.picture.width > 0) {
      const char* const state = newest.ended()             ? "the end of the video"
                                : Clock::now() - came > 3s ? "no new picture comes"
                                                           : "";
      window.show(draw_overlay(frame.picture, {.card = classifier.card(),
                                               .look = look,
                                               .frozen = frozen,
                                               .note = frozen || *state == '\0' ? note : state}));
    } else if (newest.ended()) {
      return;
    }
    const int key = window.key(frozen || newest.ended() ? 30ms : 1ms);
    if (key == 'q') return;
    if (key == ' ') frozen = !frozen;
    if (key == 's' && frame.picture.width > 0) {
      note = "saved " + save(frame, folder).string();
      fmt::print(stderr, "{}\n", note);
    }
  }
}

}  // namespace naevus::watch
