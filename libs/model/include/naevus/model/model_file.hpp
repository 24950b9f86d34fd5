#pragma once
#include <array>
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "naevus/model/card.hpp"
#include "naevus/network/graph.hpp"
#include "naevus/network/weights.hpp"

namespace naevus::model {

/// The refusal score's parameters. Energy (Liu et al. 2020, -logsumexp of the logits) needs none. Mahalanobis: squared
/// distance to the nearest class mean in a whitened subspace of the embedding (Lee et al. 2018), higher meaning less
/// like the training pictures.
struct OodHead {
  network::Tensor projection;  ///< [D, k], k <= 128; whitening principal components. Empty: energy
  network::Tensor means;       ///< [classes, k], projected class means
};

/// A model as naevus writes it: ONNX opset 17, IR 8.
/// Input `image` uint8 [N, H, W, 3]. Outputs `probabilities` [N, classes], `logits` [N, classes] (before the
/// calibration), `embedding` [N, D], `features` [N, C, h, w], `ood_score` [N]. Parameters are initialisers under their
/// own names.
struct Model {
  network::Graph graph;
  network::StateDict state;
  OodHead ood;
  Card card;
};

/// The ONNX file's bytes; the same model gives the same bytes.
std::vector<std::byte> to_onnx(const Model& model);

/// The network alone, without preparation, calibration, refusal score and card: input `image` float32 [N, 3, H, W],
/// already normalised; outputs `logits`, `embedding`, `features`. To compare engines, and for programs that do the rest
/// themselves.
std::vector<std::byte> network_to_onnx(const network::Graph& graph, const network::StateDict& state);

/// Reads a whole model back, for going on with training or rewriting its card.
/// @throws IoError; InputError if it is not ours (with the command that adopts it), damaged, or adopted (no graph of
/// ours)
Model read_model(const std::filesystem::path& path);

/// The card alone. @throws as read_model
Card read_card(const std::filesystem::path& path);

/// The same file with another card and, in its graph, that card's calibration; weights and the rest of the graph stay.
/// Works for adopted models too.
std::vector<std::byte> with_card(const std::filesystem::path& path, const Card& card);

struct AdoptOptions {
  std::vector<std::string> classes;  ///< in the order of the network's outputs
  std::vector<std::string> malignant;
  std::array<float, 3> mean{}, std{1, 1, 1};  ///< of red, green, blue, in 0..255
  bool nchw = true;                           ///< layout of the foreign input
  bool rgb = true;                            ///< channel order of the foreign input
  bool softmax_inside = false;                ///< the foreign output is probabilities already
  std::string name, licence, frame = "centre_square";
  std::map<std::string, std::string> preparation;  ///< Card::preparation
};

/// Wraps a network trained elsewhere: preprocessing before it, softmax and card behind it; classes are put in
/// alphabetical order. Which of its tensors is the last map is not known: the file has no `features`, and its
/// `embedding` is the logits. Its opset stays.
/// @throws UsageError if the options make no card (a malignant class that is none, a standard deviation of 0)
/// @throws InputError if it is not ONNX, has not one image input of fixed size and one output of as many numbers as
/// classes
std::vector<std::byte> adopt(const std::filesystem::path& path, const AdoptOptions& options);

}  // namespace naevus::model
