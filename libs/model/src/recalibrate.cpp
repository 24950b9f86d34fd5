#include "recalibrate.hpp"

#include <algorithm>
#include <string_view>

#include "onnx_builder.hpp"
#include "stages.hpp"

namespace naevus::model {
namespace {

constexpr std::string_view prefix = "calibration.";

bool is_calibration(const onnx::NodeProto& node) {
  return node.output_size() == 1 && node.output(0).starts_with(prefix);
}
bool is_calibration(const onnx::TensorProto& tensor) {
  return tensor.name().starts_with(prefix);
}

/// The list with its calibration, which stands in one piece, replaced by that of `fresh`: ONNX wants every node behind
/// those that it reads from, and a file with the same contents shall have the same bytes.
template <typename List>
List replaced(List& list, List& fresh) {
  List result;
  bool done = false;
  for (auto& item : list) {
    if (!is_calibration(item)) {
      result.Add()->Swap(&item);
    } else if (!done) {
      done = true;
      for (auto& replacement : fresh) result.Add()->Swap(&replacement);
    }
  }
  return result;
}

}  // namespace

bool recalibrate(onnx::GraphProto& graph, const Card& card) {
  const auto& nodes = graph.node();
  if (std::none_of(nodes.begin(), nodes.end(),
                   [](const auto& node) { return node.output_size() == 1 && node.output(0) == calibrated_name; }))
    return false;
  onnx::GraphProto fresh;
  constexpr std::int64_t any_opset = 17;  // the calibration's operations are the same in all that are read
  OnnxBuilder builder(fresh, any_opset);
  add_calibration(builder, card);
  *graph.mutable_node() = replaced(*graph.mutable_node(), *fresh.mutable_node());
  *graph.mutable_initializer() = replaced(*graph.mutable_initializer(), *fresh.mutable_initializer());
  return true;
}

}  // namespace naevus::model
