#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "naevus/base/parallel.hpp"
#include "naevus/image/image.hpp"

namespace naevus::watch {

struct Frame {
  std::uint64_t number = 0;  ///< counted by the source, from 0
  double seconds = 0;        ///< since its begin
  image::Image picture;
};

/// A camera, a stream or a file.
class Source {
 public:
  /// @param name  "0" or "/dev/video0": a camera; with "://": a stream; else a file, or a sequence of pictures with
  ///              their number's place ("frames/%04d.png")
  /// @throws IoError if nobody is there; InputError if it is no video
  explicit Source(const std::string& name);
  ~Source();
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  /// The name without a password.
  const std::string& name() const;
  /// Whether it goes on while nobody looks; a file waits.
  bool live() const;
  /// Frames a second, as it says itself; 0 where it does not.
  double rate() const;

  /// Goes to the next frame without making a picture of it. A stream that is lost is opened anew, with pauses that grow
  /// to half a minute, until it is there or a stop is requested. False: the file has ended, or a stop was requested.
  /// @throws IoError if a camera gives no more pictures
  bool advance(const StopToken& stop);

  /// The frame that advance() went to.
  Frame frame() const;
  double seconds() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The address without what stands before an @: "rtsp://user:password@camera/1" is "rtsp://camera/1".
std::string without_password(const std::string& address);

/// What of a frame is looked at: the largest square in its middle. An odd remainder leaves the extra pixel at the right
/// and the bottom.
struct Square {
  int x = 0, y = 0, side = 0;
};
Square square_of(const image::Image& picture);
image::Image cut(const image::Image& picture, const Square& square);

}  // namespace naevus::watch
