#include "onnx_builder.hpp"

namespace naevus::model {

onnx::NodeProto& OnnxBuilder::node(const std::string& operation, const std::vector<std::string>& inputs,
                                   const std::string& result) {
  onnx::NodeProto& added = *graph_.add_node();
  added.set_op_type(operation);
  added.set_name(result);
  for (const std::string& input : inputs) added.add_input(input);
  added.add_output(result);
  return added;
}

std::string OnnxBuilder::reduce(const std::string& operation, const std::string& input,
                                const std::vector<std::int64_t>& axes, bool keep, const std::string& result) {
  // The axes became an input: of ReduceSum in opset 13, of the others in 18.
  const bool axes_are_input = operation == "ReduceSum" || opset_ >= 18;
  std::vector<std::string> inputs{input};
  if (axes_are_input) inputs.push_back(integers(result + ".axes", axes));
  onnx::NodeProto& added = node(operation, inputs, result);
  if (!axes_are_input) set(added, "axes", axes);
  set(added, "keepdims", std::int64_t{keep});
  return result;
}

std::string OnnxBuilder::transpose(const std::string& input, const std::vector<std::int64_t>& order,
                                   const std::string& result) {
  set(node("Transpose", {input}, result), "perm", order);
  return result;
}

std::string OnnxBuilder::gather(const std::string& input, const std::vector<std::int64_t>& indices, int axis,
                                const std::string& result) {
  set(node("Gather", {input, integers(result + ".order", indices)}, result), "axis", std::int64_t{axis});
  return result;
}

std::string OnnxBuilder::floats(const std::string& name, const std::vector<std::int64_t>& shape,
                                std::span<const float> values) {
  onnx::TensorProto& tensor = *graph_.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  for (const std::int64_t side : shape) tensor.add_dims(side);
  tensor.set_raw_data(values.data(), values.size_bytes());
  return name;
}

std::string OnnxBuilder::integers(const std::string& name, const std::vector<std::int64_t>& values) {
  onnx::TensorProto& tensor = *graph_.add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::INT64);
  tensor.add_dims(static_cast<std::int64_t>(values.size()));
  tensor.set_raw_data(values.data(), values.size() * sizeof(std::int64_t));
  return name;
}

void OnnxBuilder::set(onnx::NodeProto& node, const char* attribute, std::int64_t value) {
  onnx::AttributeProto& added = *node.add_attribute();
  added.set_name(attribute);
  added.set_type(onnx::AttributeProto::INT);
  added.set_i(value);
}

void OnnxBuilder::set(onnx::NodeProto& node, const char* attribute, float value) {
  onnx::AttributeProto& added = *node.add_attribute();
  added.set_name(attribute);
  added.set_type(onnx::AttributeProto::FLOAT);
  added.set_f(value);
}

void OnnxBuilder::set(onnx::NodeProto& node, const char* attribute, const std::vector<std::int64_t>& values) {
  onnx::AttributeProto& added = *node.add_attribute();
  added.set_name(attribute);
  added.set_type(onnx::AttributeProto::INTS);
  for (const std::int64_t value : values) added.add_ints(value);
}

void OnnxBuilder::describe(onnx::ValueInfoProto& value, const std::string& name, int element_type,
                           const std::vector<std::int64_t>& shape) {
  value.set_name(name);
  onnx::TypeProto_Tensor& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(element_type);
  tensor.mutable_shape();
  for (const std::int64_t side : shape) {
    onnx::TensorShapeProto_Dimension& dimension = *tensor.mutable_shape()->add_dim();
    if (side < 0)
      dimension.set_dim_param("N");
    else
      dimension.set_dim_value(side);
  }
}

}  // namespace naevus::model
