#pragma once
#include <array>
#include <string>

#include "naevus/model/card.hpp"
#include "naevus/model/model_file.hpp"
#include "onnx_builder.hpp"

/// The parts of a model's graph around its network, the same for our own and adopted networks.
namespace naevus::model {

constexpr const char* temperature_name = "calibration.temperature";
constexpr const char* calibrated_name = "calibration.logits";
constexpr const char* projection_name = "ood.projection";
constexpr const char* means_name = "ood.means";

/// Declares the input and turns it into what the network takes. @returns the tensor's name
struct InputStage {
  bool nchw = true, rgb = true;
};
std::string add_input(OnnxBuilder& builder, onnx::GraphProto& graph, const Card& card, const InputStage& stage);

/// Calibration of the logits: one temperature, or a weight and a bias for each class. @returns the tensor's name
std::string add_calibration(OnnxBuilder& builder, const Card& card);

/// Calibration and softmax: logits -> probabilities. Declares both as outputs.
void add_probabilities(OnnxBuilder& builder, onnx::GraphProto& graph, const Card& card);

/// The refusal score from `logits` (energy) or `embedding`. Declares the output.
void add_ood_score(OnnxBuilder& builder, onnx::GraphProto& graph, const OodHead& ood);

/// Puts card and seal into the file's metadata. The seal is a hash over the graph, by which read_sealed finds damage.
void seal(onnx::ModelProto& model, const Card& card);

std::vector<std::byte> serialise(const onnx::ModelProto& model);

}  // namespace naevus::model
