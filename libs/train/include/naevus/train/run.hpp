#pragma once
#include <filesystem>
#include <string>

#include "naevus/base/parallel.hpp"
#include "naevus/train/config.hpp"

namespace naevus::train {

struct RunOptions {
  bool resume = false;     ///< go on from the folder's checkpoint; start where there is no run
  bool overwrite = false;  ///< start anew in a folder that holds a run
  bool json = false;       ///< events as JSON lines on standard output: start, epoch, done
  StopToken stop = interrupt_token();
};

/// What a run came to.
struct RunResult {
  std::filesystem::path model;
  int epochs = 0, best_epoch = 0;
  double balanced_accuracy = 0, macro_auc = 0;  ///< of the best epoch, on the validation part
};

/// Trains. In the folder config.out afterwards: config.toml, history.csv, TensorBoard events, checkpoint,
/// best.safetensors, last.safetensors, model.onnx (of the best epoch, calibrated) and report.html. A run that was
/// stopped or killed at any moment and resumed gives the same model.onnx, to the byte, as one that was not.
/// @throws UsageError, InputError, IoError; Cancelled after a stop was requested and the state is saved
RunResult run(const Config& config, const RunOptions& options);

/// LibTorch's version.
std::string engine_version();

}  // namespace naevus::train
