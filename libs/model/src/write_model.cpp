#include <fmt/format.h>

#include "naevus/base/error.hpp"
#include "naevus/model/model_file.hpp"
#include "network_to_onnx.hpp"
#include "stages.hpp"

namespace naevus::model {
namespace {

constexpr std::int64_t opset = 17, ir_version = 8;

/// @throws Error if network, card and refusal score do not belong together
void check(const Model& model) {
  const auto require = [](bool sound, const char* problem) {
    if (!sound) throw Error(fmt::format("this model is not sound: {}", problem));
  };
  const Card& card = model.card;
  card_from_json(to_json(card));
  require(card.architecture == model.graph.architecture, "the card names another architecture");
  require(static_cast<int>(card.classes.size()) == model.graph.classes, "the card has another number of classes");
  require(card.width == model.graph.width && card.height == model.graph.height, "the card has another input size");

  const network::Tensor &projection = model.ood.projection, &means = model.ood.means;
  require((card.ood_kind == "mahalanobis") != projection.values.empty(), "the card names another refusal score");
  if (projection.values.empty()) return;
  const std::int64_t width = shapes(model.graph)[static_cast<std::size_t>(model.graph.embedding)][0];
  require(projection.shape.size() == 2 && projection.shape[0] == width && projection.shape[1] > 0 &&
              projection.shape[1] <= 128 &&
              static_cast<std::int64_t>(projection.values.size()) == width * projection.shape[1],
          "the refusal score's projection does not fit the embedding");
  require(means.shape == std::vector<std::int64_t>{model.graph.classes, projection.shape[1]} &&
              static_cast<std::int64_t>(means.values.size()) == means.shape[0] * means.shape[1],
          "the refusal score's means do not fit its projection");
}

onnx::ModelProto empty_model(const network::Graph& graph) {
  onnx::ModelProto onnx;
  onnx.set_ir_version(ir_version);
  onnx.set_producer_name("naevus");
  onnx.add_opset_import()->set_version(opset);
  onnx.mutable_graph()->set_name(graph.architecture);
  return onnx;
}

/// Declares the result of a network's node as an output.
void declare(onnx::GraphProto& onnx, const network::Graph& graph, const char* name, int node) {
  std::vector<std::int64_t> shape{-1};
  const auto rest = network::shapes(graph)[static_cast<std::size_t>(node)];
  shape.insert(shape.end(), rest.begin(), rest.end());
  OnnxBuilder::describe(*onnx.add_output(), name, onnx::TensorProto::FLOAT, shape);
}

}  // namespace

std::vector<std::byte> to_onnx(const Model& model) {
  check(model);
  onnx::ModelProto onnx = empty_model(model.graph);
  onnx::GraphProto& graph = *onnx.mutable_graph();
  OnnxBuilder builder(graph, opset);
  const std::string input = add_input(builder, graph, model.card, {});
  add_network(builder, model.graph, model.state, input);
  add_probabilities(builder, graph, model.card);
  declare(graph, model.graph, "embedding", model.graph.embedding);
  declare(graph, model.graph, "features", model.graph.features);
  add_ood_score(builder, graph, model.ood);
  seal(onnx, model.card);
  return serialise(onnx);
}

std::vector<std::byte> network_to_onnx(const network::Graph& graph, const network::StateDict& state) {
  onnx::ModelProto onnx = empty_model(graph);
  onnx::GraphProto& written = *onnx.mutable_graph();
  OnnxBuilder builder(written, opset);
  OnnxBuilder::describe(*written.add_input(), "image", onnx::TensorProto::FLOAT, {-1, 3, graph.height, graph.width});
  add_network(builder, graph, state, "image");
  declare(written, graph, "logits", static_cast<int>(graph.nodes.size()) - 1);
  declare(written, graph, "embedding", graph.embedding);
  declare(written, graph, "features", graph.features);
  return serialise(onnx);
}

}  // namespace naevus::model
