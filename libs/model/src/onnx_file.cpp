#include "onnx_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"

namespace naevus::model {
namespace {

const std::string* metadata(const onnx::ModelProto& model, const char* key) {
  const auto& entries = model.metadata_props();
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.key() == key; });
  return found == entries.end() ? nullptr : &found->value();
}

}  // namespace

std::string graph_hash(const onnx::ModelProto& model) {
  return hash_hex(as_bytes(model.graph().SerializeAsString()));
}

onnx::ModelProto read_onnx(const std::filesystem::path& path) {
  const std::vector<std::byte> content = read_file(path, largest_file);
  onnx::ModelProto model;
  if (content.empty() || !model.ParsePartialFromArray(content.data(), static_cast<int>(content.size())) ||
      !model.IsInitialized() || !model.has_graph() || model.graph().node_size() == 0)
    throw InputError("this is no ONNX file, or a damaged one", path.string(),
                     "get it again; a model file of naevus ends in .onnx");
  return model;
}

SealedModel read_sealed(const std::filesystem::path& path) {
  SealedModel result{read_onnx(path), {}};
  const std::string* card = metadata(result.onnx, card_key);
  if (card == nullptr)
    throw InputError("this network was not written by naevus: it has no card", path.string(),
                     fmt::format("wrap it: naevus adopt {} --classes a,b,c --mean ... --std ... -o adopted.onnx",
                                 path.filename().string()));
  const std::string* hash = metadata(result.onnx, seal_key);
  if (hash == nullptr || *hash != graph_hash(result.onnx))
    throw InputError("this model file is damaged, or its network was changed after naevus wrote it", path.string(),
                     "get the file again");
  try {
    result.card = card_from_json(*card);
  } catch (InputError& error) {
    error.set_where(path.string());
    throw;
  }
  return result;
}

}  // namespace naevus::model
