#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "naevus/train/config.hpp"
#include "schedule.hpp"
#include "trainer.hpp"

namespace naevus::train {

/// What one epoch came to.
struct EpochRow {
  int epoch = 0;  ///< from 1
  double learning_rate = 0, train_loss = 0;
  double validation_loss = 0, balanced_accuracy = 0, macro_auc = 0;
  double seconds = 0;  ///< of the run until its end, pauses not counted
  double time = 0;     ///< of its end, in seconds since 1970
};

/// How far a run is, and what it has found.
struct Position {
  int epoch = 0;            ///< epochs done
  std::uint64_t batch = 0;  ///< batches done of the next one
  double loss_sum = 0;      ///< over those batches
  double seconds = 0;
  int best_epoch = 0;  ///< from 1; 0: none yet
  double best_balanced_accuracy = -1, best_macro_auc = -1;
  Plateau plateau;
  std::vector<EpochRow> rows;
};

struct Checkpoint {
  Position position;
  std::string config;     ///< as TOML
  std::string data_hash;  ///< TrainingData::hash
  TrainerState trainer;
  network::StateDict best;  ///< empty before the first epoch's end
};

/// Writes `checkpoint` in the folder, whole; the one before it stays as `checkpoint.previous`.
/// @throws IoError (disk full, no permission); then what was there stays
void save_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint);

/// The newest checkpoint that is intact; a damaged one is named in a warning and passed over.
/// @throws InputError if none is intact; IoError if there is none
Checkpoint load_checkpoint(const std::filesystem::path& folder);

bool has_checkpoint(const std::filesystem::path& folder);

/// Bytes of a checkpoint (safetensors with JSON metadata and a hash), and back.
/// @throws InputError if it is cut short, damaged or was changed
std::vector<std::byte> encode_checkpoint(const Checkpoint& checkpoint);
Checkpoint decode_checkpoint(const std::filesystem::path& path);

}  // namespace naevus::train
