#pragma once
#include <cstdlib>
#include <filesystem>
#include <string>

#include "../../../tests/golden/formula.hpp"
#include "naevus/base/file.hpp"
#include "naevus/model/model_file.hpp"
#include "naevus/network/architectures.hpp"

namespace naevus::model::testing {

/// Parameters as the golden files have them.
inline network::StateDict golden_state(const network::Graph& graph) {
  network::StateDict state;
  for (const network::ParameterSpec& spec : parameters(graph))
    state[spec.name] = {spec.shape, golden::parameter(spec.name, spec.shape)};
  return state;
}

/// A small model with every field of its card set.
inline Model example() {
  Model model;
  model.graph = network::build("scratch-cnn", {.classes = 3, .width = 48, .height = 32});
  model.state = network::initialise(model.graph, 1);
  Card& card = model.card;
  card.name = "example";
  card.architecture = "scratch-cnn";
  card.classes = {"bcc", "mel", "nv"};
  card.malignant = {"bcc", "mel"};
  card.width = 48;
  card.height = 32;
  card.mean = {123.675F, 116.28F, 103.53F};
  card.std = {58.395F, 57.12F, 57.375F};
  card.weights_from = "random";
  card.data = "rendered pictures, größte Sorgfalt";
  card.licence = "CC0";
  card.temperature = 1.7;
  card.calibrated_on = "validation";
  card.malignant_threshold = 0.18;
  card.malignant_threshold_rule = "sensitivity 0.95";
  card.ood_limit = -2.5;
  card.metrics = {{"validation.balanced_accuracy", 0.71}};
  card.config = "[train]\nepochs = 1\n";
  card.seen = {{std::string(32, 'a'), std::string(16, '1'), "train"},
               {std::string(32, 'b'), std::string(16, '2'), "validation"}};
  return model;
}

inline Model mahalanobis_example() {
  Model model = example();
  model.card.ood_kind = "mahalanobis";
  model.ood.projection = {{256, 4}, golden::parameter("projection", {256, 4})};
  model.ood.means = {{3, 4}, golden::parameter("means", {3, 4})};
  return model;
}

/// A folder that goes when the test ends.
class Folder : public TemporaryFolder {
 public:
  std::filesystem::path write(const std::string& name, const std::vector<std::byte>& content) const {
    write_file(*this / name, content);
    return *this / name;
  }
};

/// Runs tests/python/check_model.py (onnx's checker, onnxruntime) on a file. @returns its exit code
inline int check_with_other_readers(const std::filesystem::path& file, const std::string& arguments = {}) {
  const std::string python = NAEVUS_SOURCE_DIR "/.deps/venv/bin/python";
  return std::system(
      (python + " " NAEVUS_SOURCE_DIR "/tests/python/check_model.py '" + file.string() + "' " + arguments).c_str());
}

}  // namespace naevus::model::testing
