#pragma once
#include <onnx/onnx_pb.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace naevus::model {

/// Adds nodes and constants to an ONNX graph; each call returns the name of the tensor that it makes.
class OnnxBuilder {
 public:
  /// @param opset  13 or later: of the graph's nodes
  OnnxBuilder(onnx::GraphProto& graph, std::int64_t opset) : graph_(graph), opset_(opset) {}

  /// One node with one result; the node bears the result's name.
  onnx::NodeProto& node(const std::string& operation, const std::vector<std::string>& inputs,
                        const std::string& result);
  /// The same for a node without attributes.
  std::string step(const std::string& operation, const std::vector<std::string>& inputs, const std::string& result) {
    node(operation, inputs, result);
    return result;
  }
  /// ReduceMax, ReduceMean, ReduceMin or ReduceSum over these axes.
  std::string reduce(const std::string& operation, const std::string& input, const std::vector<std::int64_t>& axes,
                     bool keep, const std::string& result);
  std::string transpose(const std::string& input, const std::vector<std::int64_t>& order, const std::string& result);
  std::string gather(const std::string& input, const std::vector<std::int64_t>& indices, int axis,
                     const std::string& result);

  std::string floats(const std::string& name, const std::vector<std::int64_t>& shape, std::span<const float> values);
  std::string integers(const std::string& name, const std::vector<std::int64_t>& values);

  static void set(onnx::NodeProto& node, const char* attribute, std::int64_t value);
  static void set(onnx::NodeProto& node, const char* attribute, float value);
  static void set(onnx::NodeProto& node, const char* attribute, const std::vector<std::int64_t>& values);

  /// A graph input or output. A side of -1 is free and called N.
  static void describe(onnx::ValueInfoProto& value, const std::string& name, int element_type,
                       const std::vector<std::int64_t>& shape);

 private:
  onnx::GraphProto& graph_;
  std::int64_t opset_;
};

}  // namespace naevus::model
