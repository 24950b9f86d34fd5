#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "naevus/base/error.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/image.hpp"
#include "naevus/image/prepare.hpp"
#include "naevus/image/quality.hpp"

namespace naevus::server {

/// What a child made of a picture's bytes.
struct DecodedPicture {
  image::Image prepared;  ///< of the preparation's size
  image::Quality quality;
  image::Format format = image::Format::jpeg;
};

/// The child that had the picture is no more. The picture is to blame as far as anybody can tell.
class DecoderLost : public Error {
 public:
  enum class Why { deadline, memory, crash };
  DecoderLost(Why why, std::string problem, std::string advice)
      : Error(std::move(problem), {}, std::move(advice)), why_(why) {}
  Why why() const { return why_; }

 private:
  Why why_;
};

struct DecoderOptions {
  /// What starts a child: a program and its arguments, which calls run_decoder_child().
  std::vector<std::string> command;
  int children = 1;
  std::chrono::milliseconds deadline{5'000};
  std::uint64_t memory = std::uint64_t{2} << 30;  ///< bytes that a child may map beyond what it starts with
  image::DecodeLimits limits{.max_bytes = std::uint64_t{32} << 20};
};

/// Decodes what strangers sent in processes that can do nothing else: no file, no network, no further process
/// (seccomp), bounded memory and time. File and result lie in memory that is shared with the child; the result is
/// judged before use. A child that crashes, hangs or is killed is replaced. Thread-safe.
class DecoderPool {
 public:
  /// Starts the children.
  /// @throws IoError if they can't be started
  explicit DecoderPool(DecoderOptions options);
  ~DecoderPool();
  DecoderPool(const DecoderPool&) = delete;
  DecoderPool& operator=(const DecoderPool&) = delete;

  /// Waits for a free child.
  /// @throws InputError as image::decode; DecoderLost; IoError if no child can be started
  DecodedPicture decode(std::span<const std::byte> file, const image::Preparation& preparation);

  /// The picture itself, upright, its longer side at most that many pixels (image::shrunk).
  /// @param longer_side  1 to 2048
  /// @throws as decode; UsageError for another side
  image::Image shrunk(std::span<const std::byte> file, int longer_side);

  std::uint64_t restarts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The child's side: gives up all rights, then decodes what comes until its parent is gone. Ends the process.
[[noreturn]] void run_decoder_child();

}  // namespace naevus::server
