#include "checkpoint.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <nlohmann/json.hpp>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/base/log.hpp"

namespace naevus::train {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(EpochRow, epoch, learning_rate, train_loss, validation_loss, balanced_accuracy,
                                   macro_auc, seconds, time)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Plateau, factor, waited)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Position, epoch, batch, loss_sum, seconds, best_epoch, best_balanced_accuracy,
                                   best_macro_auc, plateau, rows)

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int format = 1;
constexpr std::size_t hash_digits = 32;
constexpr const char* newest = "checkpoint";
constexpr const char* before = "checkpoint.previous";

struct Section {
  const char* prefix;
  network::StateDict* tensors;
};

std::array<Section, 4> sections(Checkpoint& c) {
  return {{{"weights:", &c.trainer.weights},
           {"average:", &c.trainer.average},
           {"optimiser:", &c.trainer.optimiser},
           {"best:", &c.best}}};
}

network::StateDict gathered(const Checkpoint& checkpoint) {
  network::StateDict all;
  for (const auto& [prefix, tensors] : sections(const_cast<Checkpoint&>(checkpoint))) {  // NOLINT: read only
    for (const auto& [name, tensor] : *tensors) all.emplace(prefix + name, tensor);
  }
  return all;
}

[[noreturn]] void damaged(const fs::path& path, const std::string& what) {
  throw InputError(fmt::format("the checkpoint is damaged ({})", what), path.string(),
                   "start again with --overwrite, or bring the file back from a copy");
}

/// __metadata__ of a weight file that has been read without complaint. It need not be safetensors.
std::map<std::string, std::string> metadata_of(const fs::path& path) {
  const auto bytes = read_file(path);
  std::uint64_t length = 0;
  if (bytes.size() >= sizeof length) std::memcpy(&length, bytes.data(), sizeof length);
  if (length == 0 || length > bytes.size() - sizeof length) damaged(path, "it is no checkpoint of naevus");
  const auto* text = reinterpret_cast<const char*>(bytes.data() + sizeof length);
  return json::parse(text, text + length).at("__metadata__");
}

}  // namespace

std::vector<std::byte> encode_checkpoint(const Checkpoint& checkpoint) {
  const auto tensors = gathered(checkpoint);
  std::map<std::string, std::string> metadata{{"format", std::to_string(format)},
                                              {"config", checkpoint.config},
                                              {"data_hash", checkpoint.data_hash},
                                              {"position", json(checkpoint.position).dump()},
                                              {"steps", std::to_string(checkpoint.trainer.steps)}};
  metadata["hash"] = hash_hex(network::to_safetensors(tensors, metadata));
  return network::to_safetensors(tensors, metadata);
}

Checkpoint decode_checkpoint(const fs::path& path) {
  Checkpoint checkpoint;
  try {
    const auto tensors = network::read_weights(path);
    auto metadata = metadata_of(path);
    const auto hash = metadata.extract("hash");
    if (hash.empty() || hash.mapped() != hash_hex(network::to_safetensors(tensors, metadata))) {
      damaged(path, "its content does not have the hash that it names");
    }
    if (metadata.at("format") != std::to_string(format)) damaged(path, "it was written by another version");
    checkpoint.config = metadata.at("config");
    checkpoint.data_hash = metadata.at("data_hash");
    checkpoint.position = json::parse(metadata.at("position")).get<Position>();
    checkpoint.trainer.steps = std::stoull(metadata.at("steps"));
    for (const auto& [name, tensor] : tensors) {
      for (const auto& [prefix, target] : sections(checkpoint)) {
        if (name.starts_with(prefix)) target->emplace(name.substr(std::strlen(prefix)), tensor);
      }
    }
  } catch (const InputError& error) {
    if (error.problem().starts_with("the checkpoint")) throw;
    damaged(path, error.problem());
  } catch (const IoError&) {
    throw;
  } catch (const std::exception& error) {  // JSON of another shape
    damaged(path, error.what());
  }
  return checkpoint;
}

void save_checkpoint(const fs::path& folder, const Checkpoint& checkpoint) {
  const fs::path path = folder / newest, old = folder / before;
  const auto bytes = encode_checkpoint(checkpoint);
  // A second name for the old file, so that one complete checkpoint is there at every moment.
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    fs::remove(old, ignored);
    fs::create_hard_link(path, old, ignored);
  }
  write_file(path, bytes);
}

Checkpoint load_checkpoint(const fs::path& folder) {
  const fs::path path = folder / newest, old = folder / before;
  std::error_code ignored;
  if (!fs::exists(old, ignored)) return decode_checkpoint(path);
  try {
    return decode_checkpoint(path);
  } catch (const Error& error) {
    auto checkpoint = decode_checkpoint(old);
    log::warning(fmt::format("{}: {}; going on from {}", path.string(), error.problem(), old.string()));
    return checkpoint;
  }
}

bool has_checkpoint(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / newest, ignored) || fs::exists(folder / before, ignored);
}

}  // namespace naevus::train
