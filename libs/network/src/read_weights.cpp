#include <cstring>
#include <string>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/network/weights.hpp"
#include "safetensors.hpp"

namespace naevus::network {
StateDict read_weights(const std::filesystem::path& path) {
  const std::vector<std::byte> content = read_file(path);
  try {
    return read_safetensors(content);
  } catch (InputError& error) {
    error.set_where(path.string());
    throw;
  }
}
}  // namespace naevus::network
