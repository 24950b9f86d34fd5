#include "foreign_network.hpp"

#include <fmt/format.h>
#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <set>
#include <vector>

#include "naevus/base/error.hpp"

namespace naevus::model {
namespace {

constexpr std::int64_t oldest_opset = 13;
constexpr int largest_side = 4096;
constexpr const char* export_advice =
    "export it anew with a free batch: torch.onnx.export(..., dynamic_axes={'input': {0: 'N'}}), or tf2onnx with an "
    "input signature of (None, height, width, 3)";

using Dimension = onnx::TensorShapeProto_Dimension;

std::int64_t opset_of(const onnx::ModelProto& model) {
  for (const auto& entry : model.opset_import())
    if (entry.domain().empty() || entry.domain() == "ai.onnx") {
      if (entry.version() >= oldest_opset) return entry.version();
      throw InputError(
          fmt::format("this network uses ONNX opset {}; {} or later is needed", entry.version(), oldest_opset), "",
          "export it anew with opset 17");
    }
  throw InputError("this network does not say which ONNX opset it uses");
}

void refuse_external_data(const onnx::GraphProto& graph) {
  for (const auto& tensor : graph.initializer())
    if (tensor.data_location() == onnx::TensorProto::EXTERNAL)
      throw InputError(fmt::format("the weights of this network lie in another file ('{}')", tensor.name()), "",
                       "save it as one file: onnx.save(onnx.load(FILE), NEW, save_as_external_data=False)");
}

onnx::ValueInfoProto& image_input(onnx::GraphProto& graph) {
  std::set<std::string> constants;
  for (const auto& tensor : graph.initializer()) constants.insert(tensor.name());
  for (const auto& tensor : graph.sparse_initializer()) constants.insert(tensor.values().name());
  std::vector<onnx::ValueInfoProto*> inputs;
  for (auto& input : *graph.mutable_input())
    if (!constants.contains(input.name())) inputs.push_back(&input);
  if (inputs.size() != 1) throw InputError(fmt::format("this network has {} inputs, not one picture", inputs.size()));
  return *inputs.front();
}

/// Sides of a float32 tensor of rank 4; a free side is 0.
std::vector<std::int64_t> image_shape(const onnx::ValueInfoProto& input) {
  const auto& tensor = input.type().tensor_type();
  if (!input.type().has_tensor_type() || tensor.elem_type() != onnx::TensorProto::FLOAT || !tensor.has_shape() ||
      tensor.shape().dim_size() != 4)
    throw InputError(fmt::format("the input '{}' of this network is no batch of float32 pictures", input.name()));
  std::vector<std::int64_t> shape;
  for (const Dimension& side : tensor.shape().dim()) shape.push_back(side.has_dim_value() ? side.dim_value() : 0);
  return shape;
}

/// @returns true if the network was made for exactly one picture
bool free_batch(onnx::GraphProto& graph, onnx::ValueInfoProto& input, std::int64_t batch) {
  // Vague sizes go: the batch in them may be the old one.
  graph.clear_value_info();
  for (auto& output : *graph.mutable_output())
    if (batch > 0 && output.type().has_tensor_type()) output.mutable_type()->mutable_tensor_type()->clear_shape();
  input.mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(0)->set_dim_param("N");
  if (batch > 1)
    throw InputError(fmt::format("this network takes exactly {} pictures at a time", batch), "", export_advice);
  return batch == 1;
}

/// Shape of the output as ONNX infers it; empty where it can't.
std::vector<Dimension> inferred_output(const onnx::ModelProto& model) {
  onnx::ModelProto copy = model;
  try {
    onnx::shape_inference::InferShapes(copy);
  } catch (const std::exception& error) {
    throw InputError(fmt::format("this network is not sound: {}", error.what()));
  }
  const auto& shape = copy.graph().output(0).type().tensor_type().shape();
  return {shape.dim().begin(), shape.dim().end()};
}

}  // namespace

ForeignNetwork examine(onnx::ModelProto& model, bool nchw, std::int64_t classes) {
  onnx::GraphProto& graph = *model.mutable_graph();
  ForeignNetwork found;
  found.opset = opset_of(model);
  refuse_external_data(graph);
  onnx::ValueInfoProto& input = image_input(graph);
  const std::vector<std::int64_t> shape = image_shape(input);
  const std::int64_t channels = nchw ? shape[1] : shape[3];
  const std::int64_t height = nchw ? shape[2] : shape[1], width = nchw ? shape[3] : shape[2];
  if (channels != 3)
    throw InputError(fmt::format("the input '{}' of this network has {} channels in the {} layout, not 3", input.name(),
                                 channels, nchw ? "nchw" : "nhwc"),
                     "",
                     (nchw ? shape[3] : shape[1]) == 3 ? fmt::format("try --layout {}", nchw ? "nhwc" : "nchw") : "");
  if (height < 1 || width < 1 || height > largest_side || width > largest_side)
    throw InputError(
        fmt::format("the input '{}' of this network has no fixed size from 1 to {}", input.name(), largest_side), "",
        "export it anew for one picture size");
  if (graph.output_size() != 1)
    throw InputError(fmt::format("this network has {} outputs, not one", graph.output_size()), "",
                     "export it anew with its logits or probabilities alone");

  const bool single = free_batch(graph, input, shape[0]);
  const std::vector<Dimension> output = inferred_output(model);
  if (!output.empty() && (output.size() != 2 || (output[1].has_dim_value() && output[1].dim_value() != classes)))
    throw InputError(output.size() != 2
                         ? fmt::format("the output '{}' of this network has {} dimensions, not [N, classes]",
                                       graph.output(0).name(), output.size())
                         : fmt::format("this network gives {} numbers for a picture, and {} classes were named",
                                       output[1].dim_value(), classes),
                     "", "name the classes in the order of the network's outputs: --classes a,b,c");
  if (single && (output.empty() || output[0].dim_param() != "N"))
    throw InputError("this network was made for one picture at a time, and its steps fix that size", "", export_advice);

  found.input = input.name();
  found.output = graph.output(0).name();
  found.width = static_cast<int>(width);
  found.height = static_cast<int>(height);
  return found;
}

void prefix_names(onnx::GraphProto& graph, const std::string& prefix) {
  const auto rename = [&](std::string* name) {
    if (!name->empty()) name->insert(0, prefix);  // an empty name stands for an input that is not given
  };
  for (auto& node : *graph.mutable_node()) {
    rename(node.mutable_name());
    for (auto& name : *node.mutable_input()) rename(&name);
    for (auto& name : *node.mutable_output()) rename(&name);
    for (auto& attribute : *node.mutable_attribute()) {
      if (attribute.has_g()) prefix_names(*attribute.mutable_g(), prefix);
      for (auto& subgraph : *attribute.mutable_graphs()) prefix_names(subgraph, prefix);
    }
  }
  for (auto& tensor : *graph.mutable_initializer()) rename(tensor.mutable_name());
  for (auto& tensor : *graph.mutable_sparse_initializer()) rename(tensor.mutable_values()->mutable_name());
  for (auto* values : {graph.mutable_input(), graph.mutable_output(), graph.mutable_value_info()})
    for (auto& value : *values) rename(value.mutable_name());
  for (auto& note : *graph.mutable_quantization_annotation()) rename(note.mutable_tensor_name());
}

}  // namespace naevus::model
