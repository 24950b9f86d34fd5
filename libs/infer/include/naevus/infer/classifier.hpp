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
  /// Compiled models are kept here, so that the next start is fast; an empty path: not kept. Default:
  /// default_cache_folder(). A cache that can't be read or written slows the start and changes nothing else.
  std::optional<std::filesystem::path> cache;
};

/// How a model sees a picture.
/// @throws InputError naming the step or value that the card asks for and this program does not know
image::Preparation preparation_of(const model::Card& card);

/// What the network says of one picture.
struct Answer {
  std::vector<float> probabilities;  ///< calibrated, [classes], sums to 1
  std::vector<float> logits;         ///< before the temperature
  std::vector<float> embedding;
  float ood_score = 0;
  double malignant = 0;  ///< sum of the malignant classes' probabilities
  double seconds = 0;    ///< it took, from the file or the prepared picture to here
};

/// An answer, or why there is none.
using Outcome = std::variant<Answer, Error>;

/// What each place of the last feature map adds to a logit: the logit is the map's mean plus the bias.
struct ActivationMap {
  int width = 0, height = 0;
  std::vector<float> values;  ///< by row
  float bias = 0;
};

/// A loaded model. Thread-safe. A picture's answer is the same to the last bit alone and in any batch, whatever the
/// number of threads: every picture is a batch of one, on one core.
class Classifier {
 public:
  /// @throws IoError; InputError if the file is not ours (with the command that adopts it)
  explicit Classifier(const std::filesystem::path& model, const ClassifierOptions& options = {});
  ~Classifier();
  Classifier(Classifier&&) noexcept;
  Classifier& operator=(Classifier&&) noexcept;

  const model::Card& card() const;
  const image::Preparation& preparation() const;
  int threads() const;

  /// @param pictures  prepared ones, of the card's size
  /// @throws InputError if a picture has another size
  std::vector<Answer> classify(std::span<const image::Image> pictures) const;

  /// One picture from the bytes of its file.
  /// @throws InputError as image::decode
  Answer classify_encoded(std::span<const std::byte> file) const;

  /// Decodes, prepares and classifies files, decoding and inference side by side. A file that fails is an Error in its
  /// place, never an exception.
  /// @param on_done  called for each as it is done, from any thread, one at a time; may be empty
  /// @throws Cancelled when asked to stop
  std::vector<Outcome> classify_files(std::span<const std::filesystem::path> files,
                                      const std::function<void(std::size_t index)>& on_done = {},
                                      const StopToken& stop = {}) const;

  /// The same for any number of files: answers are handed over in the files' order as they come and are not kept, so
  /// that memory stays bounded.
  /// @param take  called once for each file, in order, from any thread, one at a time; what it throws ends the work
  void stream_files(std::span<const std::filesystem::path> files,
                    const std::function<void(std::size_t index, Outcome outcome)>& take,
                    const StopToken& stop = {}) const;

  /// Class activation map of one prepared picture (Zhou et al. 2016) at the resolution of the network's last map.
  /// @throws InputError if the network's head is not a pooled linear one
  ActivationMap activation_map(const image::Image& picture, std::size_t class_index) const;

  /// The same for the eye: enlarged bilinearly to the card's size, by row; what speaks against the class is 0, the
  /// strongest place 1 (all 0 if nothing speaks for it).
  /// @throws InputError if the network's head is not a pooled linear one
  std::vector<float> saliency(const image::Image& picture, std::size_t class_index) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace naevus::infer
