#include <span>
#include <string>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/network/weights.hpp"
#include "safetensors.hpp"
#include "torch_file.hpp"

namespace naevus::network {
namespace {

bool starts_with(std::span<const std::byte> content, std::size_t at, std::string_view text) {
  return content.size() >= at + text.size() &&
         std::string_view(reinterpret_cast<const char*>(content.data()) + at, text.size()) == text;
}

}  // namespace

StateDict parse_weights(std::span<const std::byte> content) {
  if (is_torch_zip(content)) return read_torch_zip(content);
  if (is_torch_stream(content)) return read_torch_stream(content);
  constexpr std::size_t length_field = 8;
  if (starts_with(content, length_field, "{")) return read_safetensors(content);
  if (starts_with(content, 0, "\x89HDF"))
    throw InputError("this is an HDF5 file, as Keras writes it", "",
                     "export the network to ONNX with tf2onnx and wrap it with 'naevus adopt'");
  throw InputError("this is no weight file: neither safetensors nor PyTorch's", "",
                   "in Python: torch.save(model.state_dict(), 'weights.pth')");
}

StateDict read_weights(const std::filesystem::path& path) {
  const std::vector<std::byte> content = read_file(path);
  try {
    return parse_weights(content);
  } catch (InputError& error) {
    error.set_where(path.string());
    throw;
  }
}

}  // namespace naevus::network
