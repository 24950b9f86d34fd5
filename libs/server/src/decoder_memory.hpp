#pragma once
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "naevus/image/decode.hpp"
#include "naevus/image/prepare.hpp"
#include "naevus/image/quality.hpp"

namespace naevus::server {

/// What pool and child hand each other in shared memory: the job, its outcome, the pixels, the picture's file.
/// Both are the same program, so that the layout is the same.
struct DecoderJob {
  std::uint64_t memory;  ///< bytes of all of it
  std::uint64_t file_bytes;
  std::uint32_t seconds;  ///< after which the child ends by itself, should its parent be gone
  std::uint64_t child_memory;
  image::DecodeLimits limits;
  std::int32_t longer_side;  ///< of the picture that is to be shown; 0: it is to be measured and prepared
  image::Preparation preparation;
};

struct DecoderOutcome {
  enum State : std::uint32_t { done, refused, out_of_memory };
  std::uint32_t state;
  std::uint32_t format;
  std::int32_t width, height;  ///< of the pixels
  image::Quality quality;
  std::uint32_t problem_bytes, advice_bytes;  ///< of words
  char words[1024];
};

static_assert(std::is_trivially_copyable_v<DecoderJob> && std::is_trivially_copyable_v<DecoderOutcome>);

constexpr int child_socket = 3, child_memory = 4;  ///< the child's descriptors

constexpr int most_side = 2048;  ///< of a square that there is room for
constexpr std::size_t most_pixel_bytes = std::size_t{3} * most_side * most_side;
constexpr std::size_t outcome_at = 4096, pixels_at = 8192, file_at = pixels_at + most_pixel_bytes;
static_assert(sizeof(DecoderJob) <= outcome_at && sizeof(DecoderOutcome) <= pixels_at - outcome_at);

/// The shared memory, mapped.
class DecoderMemory {
 public:
  DecoderMemory(int descriptor, std::size_t bytes)
      : bytes_(bytes), begin_(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)) {}
  ~DecoderMemory() {
    if (mapped()) munmap(begin_, bytes_);
  }
  DecoderMemory(const DecoderMemory&) = delete;
  DecoderMemory& operator=(const DecoderMemory&) = delete;

  bool mapped() const { return begin_ != MAP_FAILED; }
  std::byte* at(std::size_t offset) const { return static_cast<std::byte*>(begin_) + offset; }

 private:
  std::size_t bytes_;
  void* begin_;
};

}  // namespace naevus::server
