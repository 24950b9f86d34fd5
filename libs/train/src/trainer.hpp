#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "naevus/image/prepare.hpp"
#include "naevus/network/graph.hpp"
#include "naevus/network/weights.hpp"

/// The wall between LibTorch and the rest of the library: plain numbers in and out.
namespace naevus::train {

struct TrainerOptions {
  std::string optimiser = "adamw";
  double weight_decay = 0, momentum = 0.9;
  double head_factor = 1;  ///< on the learning rate of the last linear layer
  double label_smoothing = 0;
  std::vector<double> class_weight;      ///< [classes] for the loss; empty: all 1
  std::vector<double> logit_adjustment;  ///< [classes], added to the logits in training alone; empty: none
  double ema = 0;
  std::array<float, 3> mean{}, std{1, 1, 1};                               ///< of the input, in 0..255
  image::ColourConstancy colour_constancy = image::ColourConstancy::none;  ///< before mean and std, as in the graph
  bool channels_last = true, bf16 = false, cuda = false;
  int threads = 1;
  std::uint64_t seed = 1;
};

/// Prepared pictures of one size. Mixed ones (image::Mix) have two labels each: `share` of their truth is their own,
/// the rest their partner's.
struct Batch {
  std::vector<std::uint8_t> pixels;    ///< [n, height, width, 3]
  std::vector<std::int64_t> labels;    ///< [n]
  std::vector<std::int64_t> partners;  ///< [n], or empty
  double share = 1;                    ///< in [0, 1]
};

struct Outputs {
  std::vector<double> logits;    ///< [n, classes]
  std::vector<float> embedding;  ///< [n, D]
};

/// What changes while training.
struct TrainerState {
  network::StateDict weights;    ///< as the optimiser sees them
  network::StateDict average;    ///< their running mean; empty without it
  network::StateDict optimiser;  ///< momenta, by "<kind>/<parameter>"
  std::uint64_t steps = 0;
};

class Trainer {
 public:
  /// @throws UsageError if CUDA is asked for and not there
  Trainer(const network::Graph& graph, const network::StateDict& weights, const TrainerOptions& options);
  ~Trainer();

  /// One step down the gradient. The same state and batch give the same result.
  /// @return the mean loss before the step; not finite if training has diverged (then nothing is changed)
  double step(const Batch& batch, double learning_rate);

  /// Evaluation mode, float32, with the averaged weights where there are any.
  Outputs predict(const Batch& batch);

  TrainerState state() const;
  /// @throws InputError if it does not fit the network and options
  void restore(const TrainerState& state);
  /// What predict() uses.
  network::StateDict best_weights() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Whether this CPU multiplies bfloat16 in hardware (AVX-512 BF16 or AMX).
bool cpu_has_bf16();
/// LibTorch's version.
std::string libtorch_version();

}  // namespace naevus::train
