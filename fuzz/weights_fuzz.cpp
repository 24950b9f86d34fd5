// Any bytes: tensors with as many numbers as their shapes say, which survive being written, or an InputError.
// build/fuzz/bin/weights_fuzz CORPUS tests/golden/pth -max_len=8192 -rss_limit_mb=4096
#include <cstdint>
#include <cstdlib>

#include "naevus/base/error.hpp"
#include "naevus/network/weights.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naevus;
  network::StateDict state;
  try {
    state = network::parse_weights(std::as_bytes(std::span(data, size)));
  } catch (const InputError&) {
    return 0;
  }
  for (const auto& [name, tensor] : state) {
    std::size_t count = 1;
    for (const std::int64_t side : tensor.shape) count *= static_cast<std::size_t>(side);
    if (count != tensor.values.size()) std::abort();
  }
  return 0;
}
