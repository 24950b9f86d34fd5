#include "naevus/store/model_folder.hpp"

#include <system_error>

#include "crypto.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"

namespace naevus::store {

namespace fs = std::filesystem;

ModelFolder::ModelFolder(const fs::path& folder) : root_(folder / "models") {}

fs::path ModelFolder::path(const std::string& hash) const {
  constexpr std::size_t digits = 64;
  if (hash.size() != digits || hash.find_first_not_of("0123456789abcdef") != std::string::npos)
    throw IoError("is not the name of a kept model", hash);
  return root_ / (hash + ".onnx");
}

std::string ModelFolder::put(std::span<const std::byte> content) const {
  std::string hash = sha256(content);
  std::error_code error;
  if (fs::is_regular_file(path(hash), error) && sha256(read_file(path(hash))) == hash)
    sync_folder(root_);  // whoever wrote it may not have come to that yet
  else
    write_file(path(hash), content);
  return hash;
}

std::vector<std::byte> ModelFolder::read(const std::string& hash) const {
  auto content = read_file(path(hash));
  if (sha256(content) != hash)
    throw IoError("is damaged: its content is not what was kept", path(hash).string(),
                  "restore it from a backup, or enter the model again: naevus models add");
  return content;
}

fs::path ModelFolder::file(const std::string& hash) const {
  (void)read(hash);
  return path(hash);
}

}  // namespace naevus::store
