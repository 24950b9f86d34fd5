#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "foreign_network.hpp"
#include "naevus/base/error.hpp"
#include "naevus/model/model_file.hpp"
#include "onnx_file.hpp"
#include "stages.hpp"

namespace naevus::model {
namespace {

constexpr std::int64_t oldest_ir = 8;

/// For each class in alphabetical order, where the network has it.
std::vector<std::int64_t> alphabetical(const std::vector<std::string>& classes) {
  std::vector<std::int64_t> order(classes.size());
  std::iota(order.begin(), order.end(), 0);
  const auto name = [&](std::int64_t i) -> const std::string& { return classes[static_cast<std::size_t>(i)]; };
  std::sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) { return name(a) < name(b); });
  return order;
}

Card make_card(const std::filesystem::path& path, const AdoptOptions& options, const ForeignNetwork& network) {
  Card card;
  card.name = options.name.empty() ? path.stem().string() : options.name;
  card.architecture = "adopted";
  card.classes = options.classes;
  std::sort(card.classes.begin(), card.classes.end());
  card.malignant = options.malignant;
  std::sort(card.malignant.begin(), card.malignant.end());
  card.width = network.width;
  card.height = network.height;
  card.frame = options.frame;
  card.preparation = options.preparation;
  card.mean = options.mean;
  card.std = options.std;
  card.licence = options.licence;
  card.adopted_from = path.filename().string();
  card.weights_from = card.adopted_from;
  try {
    return card_from_json(to_json(card));
  } catch (const InputError& error) {
    throw UsageError(error.problem());
  }
}

/// Renames the network's output, in the order of the card's classes and as logits, to `logits`.
void add_logits(OnnxBuilder& builder, std::string output, const AdoptOptions& options) {
  if (options.softmax_inside) {
    constexpr float smallest = 1e-12F, largest = 1;  // the logarithm of 0 is not finite
    builder.floats("adopted.smallest", {}, {&smallest, 1});
    builder.floats("adopted.largest", {}, {&largest, 1});
    output = builder.step("Clip", {output, "adopted.smallest", "adopted.largest"}, "adopted.clipped");
    output = builder.step("Log", {output}, "adopted.log");
  }
  builder.gather(output, alphabetical(options.classes), 1, "logits");
  builder.step("Identity", {"logits"}, "embedding");
}

onnx::ModelProto wrap(onnx::ModelProto model, const std::filesystem::path& path, const AdoptOptions& options) {
  const auto classes = static_cast<std::int64_t>(options.classes.size());
  ForeignNetwork network = examine(model, options.nchw, classes);
  const Card card = make_card(path, options, network);

  constexpr const char* prefix = "adopted/";
  onnx::GraphProto foreign;
  foreign.Swap(model.mutable_graph());
  prefix_names(foreign, prefix);
  onnx::GraphProto& graph = *model.mutable_graph();
  graph.set_name("adopted");
  OnnxBuilder builder(graph, network.opset);
  const std::string input = add_input(builder, graph, card, {.nchw = options.nchw, .rgb = options.rgb});
  builder.step("Identity", {input}, prefix + network.input);
  for (auto& node : *foreign.mutable_node()) graph.add_node()->Swap(&node);
  for (auto& tensor : *foreign.mutable_initializer()) graph.add_initializer()->Swap(&tensor);
  for (auto& tensor : *foreign.mutable_sparse_initializer()) graph.add_sparse_initializer()->Swap(&tensor);
  for (auto& note : *foreign.mutable_quantization_annotation()) graph.add_quantization_annotation()->Swap(&note);

  add_logits(builder, prefix + network.output, options);
  add_probabilities(builder, graph, card);
  OnnxBuilder::describe(*graph.add_output(), "embedding", onnx::TensorProto::FLOAT, {-1, classes});
  add_ood_score(builder, graph, {});
  model.set_ir_version(std::max(model.ir_version(), oldest_ir));
  model.set_producer_name("naevus");
  model.clear_producer_version();
  seal(model, card);
  return model;
}

}  // namespace

std::vector<std::byte> adopt(const std::filesystem::path& path, const AdoptOptions& options) {
  if (options.classes.empty()) throw UsageError("no classes were named");
  try {
    return serialise(wrap(read_onnx(path), path, options));
  } catch (InputError& error) {
    error.set_where(path.string());
    throw;
  }
}

}  // namespace naevus::model
