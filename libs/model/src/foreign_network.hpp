#pragma once
#include <onnx/onnx_pb.h>

#include <cstdint>
#include <string>

namespace naevus::model {

/// What adopt needs to know of a network trained elsewhere.
struct ForeignNetwork {
  std::string input, output;  ///< tensors' names
  int width = 0, height = 0;
  std::int64_t opset = 0;
};

/// Finds the one image input and the one output; makes the batch free where it was fixed to one picture.
/// @param nchw     layout that the input is said to have
/// @param classes  how many numbers the output has for a picture
/// @throws InputError saying what does not fit and how to export the network so that it does
ForeignNetwork examine(onnx::ModelProto& model, bool nchw, std::int64_t classes);

/// Puts `prefix` before every tensor's and node's name, in subgraphs too, so that ours can't clash with them.
void prefix_names(onnx::GraphProto& graph, const std::string& prefix);

}  // namespace naevus::model
