#include "network_to_onnx.hpp"

#include <fmt/format.h>

#include "naevus/base/error.hpp"

namespace naevus::model {
namespace {

using namespace network;

std::vector<std::int64_t> pads(const Padding& padding) {
  return {padding.top, padding.left, padding.bottom, padding.right};
}

/// Writes one operation; each overload returns the name of the tensor that holds its result.
class WriteNode {
 public:
  WriteNode(OnnxBuilder& builder, std::string name, std::string result, std::vector<std::string> inputs)
      : builder_(builder), name_(std::move(name)), result_(std::move(result)), inputs_(std::move(inputs)) {}

  std::string operator()(const Input&) const { throw Error("a network has one input, its first step", name_); }
  std::string operator()(const Conv& conv) const {
    onnx::NodeProto& node = builder_.node("Conv", with(conv.bias ? Names{"weight", "bias"} : Names{"weight"}), result_);
    OnnxBuilder::set(node, "group", std::int64_t{conv.groups});
    set_window(node, conv.kernel, conv.stride, conv.padding);
    return result_;
  }
  std::string operator()(const BatchNorm& norm) const {
    onnx::NodeProto& node =
        builder_.node("BatchNormalization", with({"weight", "bias", "running_mean", "running_var"}), result_);
    OnnxBuilder::set(node, "epsilon", norm.epsilon);
    return result_;
  }
  std::string operator()(const Relu&) const { return builder_.step("Relu", inputs_, result_); }
  std::string operator()(const Relu6&) const {
    return builder_.step("Clip", {inputs_[0], "constant.zero", "constant.six"}, result_);
  }
  std::string operator()(const Silu&) const {
    const std::string gate = builder_.step("Sigmoid", inputs_, result_ + ".gate");
    return builder_.step("Mul", {inputs_[0], gate}, result_);
  }
  std::string operator()(const HardSwish&) const { return builder_.step("HardSwish", inputs_, result_); }
  std::string operator()(const HardSigmoid&) const {
    onnx::NodeProto& node = builder_.node("HardSigmoid", inputs_, result_);
    OnnxBuilder::set(node, "alpha", 1.0F / 6);
    OnnxBuilder::set(node, "beta", 0.5F);
    return result_;
  }
  std::string operator()(const Sigmoid&) const { return builder_.step("Sigmoid", inputs_, result_); }
  std::string operator()(const MaxPool& pool) const {
    set_window(builder_.node("MaxPool", inputs_, result_), pool.kernel, pool.stride, pool.padding);
    return result_;
  }
  std::string operator()(const AvgPool& pool) const {
    onnx::NodeProto& node = builder_.node("AveragePool", inputs_, result_);
    OnnxBuilder::set(node, "count_include_pad", std::int64_t{1});
    set_window(node, pool.kernel, pool.stride, pool.padding);
    return result_;
  }
  std::string operator()(const GlobalAvgPool&) const { return builder_.step("GlobalAveragePool", inputs_, result_); }
  std::string operator()(const Linear& linear) const {
    onnx::NodeProto& node =
        builder_.node("Gemm", with(linear.bias ? Names{"weight", "bias"} : Names{"weight"}), result_);
    OnnxBuilder::set(node, "transB", std::int64_t{1});
    return result_;
  }
  std::string operator()(const Add&) const { return builder_.step("Add", inputs_, result_); }
  std::string operator()(const Mul&) const { return builder_.step("Mul", inputs_, result_); }
  std::string operator()(const Concat&) const {
    OnnxBuilder::set(builder_.node("Concat", inputs_, result_), "axis", std::int64_t{1});
    return result_;
  }
  std::string operator()(const Dropout&) const { return inputs_[0]; }
  std::string operator()(const Flatten&) const { return builder_.step("Flatten", inputs_, result_); }

 private:
  using Names = std::vector<std::string>;

  /// The input, then these parameters of the node.
  Names with(const Names& parts) const {
    Names all = inputs_;
    for (const std::string& part : parts) all.push_back(name_ + "." + part);
    return all;
  }
  static void set_window(onnx::NodeProto& node, int kernel, int stride, const Padding& padding) {
    OnnxBuilder::set(node, "kernel_shape", std::vector<std::int64_t>{kernel, kernel});
    OnnxBuilder::set(node, "pads", pads(padding));
    OnnxBuilder::set(node, "strides", std::vector<std::int64_t>{stride, stride});
  }

  OnnxBuilder& builder_;
  std::string name_, result_;
  std::vector<std::string> inputs_;
};

void add_parameters(OnnxBuilder& builder, const Graph& graph, const StateDict& state) {
  for (const ParameterSpec& spec : parameters(graph)) {
    const auto found = state.find(spec.name);
    if (found == state.end() || found->second.shape != spec.shape)
      throw Error(fmt::format("the state of {} lacks '{}', or has it in another shape", graph.architecture, spec.name));
    builder.floats(spec.name, spec.shape, found->second.values);
  }
}

}  // namespace

void add_network(OnnxBuilder& builder, const Graph& graph, const StateDict& state, const std::string& input) {
  add_parameters(builder, graph, state);
  for (const Node& node : graph.nodes)
    if (std::holds_alternative<Relu6>(node.operation)) {
      constexpr float zero = 0, six = 6;
      builder.floats("constant.zero", {}, {&zero, 1});
      builder.floats("constant.six", {}, {&six, 1});
      break;
    }

  std::vector<std::string> tensors{input};
  for (int i = 1; i < static_cast<int>(graph.nodes.size()); ++i) {
    const Node& node = graph.nodes[static_cast<std::size_t>(i)];
    std::vector<std::string> inputs;
    for (const int from : node.inputs) inputs.push_back(tensors[static_cast<std::size_t>(from)]);
    const bool last = i + 1 == static_cast<int>(graph.nodes.size());
    const std::string result = last                   ? "logits"
                               : i == graph.embedding ? "embedding"
                               : i == graph.features  ? "features"
                                                      : node.name;
    tensors.push_back(std::visit(WriteNode(builder, node.name, result, std::move(inputs)), node.operation));
  }
}

}  // namespace naevus::model
