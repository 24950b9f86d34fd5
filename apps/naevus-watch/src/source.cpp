#include "source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <thread>

#include "naevus/base/error.hpp"
#include "naevus/base/log.hpp"

namespace naevus::watch {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

bool is_number(const std::string& name) {
  return !name.empty() && name.size() < 4 && name.find_first_not_of("0123456789") == name.npos;
}

bool is_camera(const std::string& name) {
  return is_number(name) || name.starts_with("/dev/");
}

bool is_stream(const std::string& name) {
  return name.find("://") != name.npos;
}

/// What OpenCV and FFmpeg print themselves says little to a person, and may hold a stream's password.
void hush() {
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  setenv("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);
}

bool opened(cv::VideoCapture& capture, const std::string& name) {
  constexpr int patience = 5000;  // milliseconds; a stop waits as long
  if (is_number(name)) return capture.open(std::stoi(name), cv::CAP_V4L2);
  if (is_camera(name)) return capture.open(name, cv::CAP_V4L2);
  if (!is_stream(name)) return capture.open(name, cv::CAP_FFMPEG);
  return capture.open(name, cv::CAP_FFMPEG,
                      {cv::CAP_PROP_OPEN_TIMEOUT_MSEC, patience, cv::CAP_PROP_READ_TIMEOUT_MSEC, patience});
}

/// False: a stop was requested.
bool pause(std::chrono::milliseconds time, const StopToken& stop) {
  for (const auto end = Clock::now() + time; Clock::now() < end; std::this_thread::sleep_for(20ms))
    if (stop.requested()) return false;
  return !stop.requested();
}

[[noreturn]] void not_there(const std::string& name) {
  if (is_camera(name))
    throw IoError("no picture comes from this camera", is_number(name) ? "camera " + name : name,
                  "`ls /dev/video*` lists them; does another program use it?");
  if (is_stream(name))
    throw IoError("no picture comes from this stream", without_password(name),
                  "does the camera answer there, and are user and password right?");
  if (name.find('%') == name.npos && !fs::exists(name)) throw IoError("there is no such file", name);
  throw InputError("this is no video that can be read", name,
                   "give a video file, a stream's address or a camera's number");
}

}  // namespace

struct Source::State {
  bool reopen(const StopToken& stop);

  std::string name, shown;
  bool live = false;
  double rate = 0;
  cv::VideoCapture capture;
  std::uint64_t advanced = 0;  ///< frames so far
  Clock::time_point begin = Clock::now();
  double seconds = 0;
};

bool Source::State::reopen(const StopToken& stop) {
  constexpr auto longest = 30s;
  for (std::chrono::seconds wait = 1s;; wait = std::min<std::chrono::seconds>(2 * wait, longest)) {
    log::warning(fmt::format("{}: the stream is lost; it is asked for again in {} s", shown, wait.count()));
    if (!pause(wait, stop)) return false;
    if (opened(capture, name) && capture.grab()) {
      log::warning(fmt::format("{}: the stream is there again", shown));
      return true;
    }
  }
}

Source::Source(const std::string& name) : state_(std::make_unique<State>()) {
  hush();
  state_->name = name;
  state_->shown = without_password(name);
  if (!opened(state_->capture, name)) not_there(name);
  // An address may be that of a file, which has an end.
  state_->live = is_camera(name) || (is_stream(name) && state_->capture.get(cv::CAP_PROP_FRAME_COUNT) <= 0);
  const double rate = state_->capture.get(cv::CAP_PROP_FPS);
  state_->rate = rate > 0 && rate < 1000 ? rate : 0;
}
Source::~Source() = default;

const std::string& Source::name() const {
  return state_->shown;
}
bool Source::live() const {
  return state_->live;
}
double Source::rate() const {
  return state_->rate;
}
double Source::seconds() const {
  return state_->seconds;
}

bool Source::advance(const StopToken& stop) {
  State& state = *state_;
  if (stop.requested()) return false;
  if (!state.capture.grab()) {
    if (state.advanced == 0 || (is_camera(state.name) && !stop.requested())) not_there(state.name);
    if (!state.live || !state.reopen(stop)) return false;
  }
  if (state.advanced == 0) state.begin = Clock::now();
  const double told = state.capture.get(cv::CAP_PROP_POS_MSEC) / 1000;
  if (state.live)
    state.seconds = std::chrono::duration<double>(Clock::now() - state.begin).count();
  else
    state.seconds = told > 0 || state.rate <= 0 ? told : static_cast<double>(state.advanced) / state.rate;
  ++state.advanced;
  return true;
}

Frame Source::frame() const {
  cv::Mat picture;
  if (!state_->capture.retrieve(picture) || picture.empty() || picture.type() != CV_8UC3)
    throw InputError(fmt::format("frame {} can't be decoded", state_->advanced - 1), state_->shown);
  Frame frame{.number = state_->advanced - 1, .seconds = state_->seconds, .picture = {picture.cols, picture.rows}};
  cv::Mat colours(picture.rows, picture.cols, CV_8UC3, frame.picture.pixels.data());
  cv::cvtColor(picture, colours, cv::COLOR_BGR2RGB);
  return frame;
}

std::string without_password(const std::string& address) {
  const std::size_t start = address.find("://");
  if (start == address.npos) return address;
  const std::size_t host = start + 3, end = std::min(address.find_first_of("/?#", host), address.size());
  const std::size_t at = address.substr(0, end).rfind('@');
  return at == address.npos || at < host ? address : address.substr(0, host) + address.substr(at + 1);
}

Square square_of(const image::Image& picture) {
  const int side = std::min(picture.width, picture.height);
  return {.x = (picture.width - side) / 2, .y = (picture.height - side) / 2, .side = side};
}

image::Image cut(const image::Image& picture, const Square& square) {
  image::Image part(square.side, square.side);
  for (int y = 0; y < square.side; ++y) std::copy_n(picture.at(square.x, square.y + y), 3 * square.side, part.at(0, y));
  return part;
}

}  // namespace naevus::watch
