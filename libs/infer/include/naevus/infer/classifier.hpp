#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "naevus/base/error.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/image/image.hpp"
#include "naevus/image/prepare.hpp"
#include "naevus/model/card.hpp"

namespace naevus::infer {

struct ClassifierOptions {
  int threads = 0;  ///< 0: all available cores
  /// Compiled models are kept here, so that the next start is fast; empty: not kept. Default: $XDG_CACHE_HOME/naevus.
  std::optional<std::filesystem::path> cache;
};

/// What the network says of one picture.
struct Answer {
  std::vector<float> probabilities;  ///< calibrated, [classes], sums to 1
  std::vector<float> logits;         ///< before the temperature
  std::vector<float> embedding;
  float ood_score = 0;
  double malignant = 0;  ///< sum of the malignant classes' probabilities
};

/// An answer, or why there is none.
using Outcome = std::variant<Answer, Error>;

/// A loaded model. Thread-safe. A picture's answer is the same to the last bit alone and in any batch.
class Classifier {
 public:
  /// @throws IoError; InputError if the file is not ours (with the command that adopts it)
  explicit Classifier(const std::filesystem::path& model, const ClassifierOptions& options = {});
  ~Classifier();

  const model::Card& card() const;
  const image::Preparation& preparation() const;

  /// @param pictures  prepared ones, of the card's size
  std::vector<Answer> classify(std::span<const image::Image> pictures) const;

  /// Decodes, prepares and classifies files, decoding and inference side by side. A file that fails is an Error in its place, never an exception.
  /// @param on_done  called for each as it is done, from any thread, one at a time; may be empty
  std::vector<Outcome> classify_files(std::span<const std::filesystem::path> files,
                                      const std::function<void(std::size_t index)>& on_done = {},
                                      const StopToken& stop = {}) const;

  /// Class activation map of one prepared picture (Zhou et al. 2016), of the card's size, values in [0, 1] by row; exact for a pooled linear head.
  /// @throws InputError if the network's head is not a pooled linear one
  std::vector<float> saliency(const image::Image& picture, std::size_t class_index) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace naevus::infer
