#include "stages.hpp"

#include <fmt/format.h>

#include "naevus/base/error.hpp"
#include "naevus/base/hash.hpp"
#include "onnx_file.hpp"

namespace naevus::model {

namespace {

constexpr const char* constancy_step = "colour_constancy";

std::string constant(OnnxBuilder& builder, const std::string& name, float value) {
  return builder.floats(name, {}, {&value, 1});
}

/// The colour of the light on each picture, [N, 1, 1, 3], by the formula of image::colour_gains.
std::string add_light(OnnxBuilder& builder, const std::string& picture, const std::string& how) {
  const std::vector<std::int64_t> sides{1, 2};
  if (how == "grey_world") return builder.reduce("ReduceMean", picture, sides, true, "light.mean");
  if (how == "max_rgb") return builder.reduce("ReduceMax", picture, sides, true, "light.largest");
  if (how != "shades_of_grey")
    throw Error(fmt::format("the preparation step '{}' has no value '{}'", constancy_step, how));
  // Sixth powers of 0..255 would lose their digits in a float32 sum; those of 0..1 don't.
  const std::string white = constant(builder, "light.white", 255), root = constant(builder, "light.root", 1.0F / 6);
  builder.step("Div", {picture, white}, "light.share");
  builder.step("Mul", {"light.share", "light.share"}, "light.power2");
  builder.step("Mul", {"light.power2", "light.power2"}, "light.power4");
  builder.step("Mul", {"light.power4", "light.power2"}, "light.power6");
  builder.reduce("ReduceMean", "light.power6", sides, true, "light.mean");
  builder.step("Pow", {"light.mean", root}, "light.minkowski");
  return builder.step("Mul", {"light.minkowski", white}, "light.colour");
}

/// image::colour_gains, picture by picture: what a batch holds besides changes nothing. Pixels are [N, H, W, 3].
std::string add_colour_constancy(OnnxBuilder& builder, const std::string& picture, const Card& card) {
  const auto step = card.preparation.find(constancy_step);
  if (step == card.preparation.end() || step->second == "none") return picture;
  const std::string black = constant(builder, "light.black", 0), smallest = constant(builder, "light.smallest", 1);
  const std::string brightest = constant(builder, "light.brightest", 255);
  const std::string light = builder.step("Max", {add_light(builder, picture, step->second), smallest}, "light.limited");
  builder.step("Mul", {light, light}, "light.squares");
  builder.reduce("ReduceMean", "light.squares", {3}, true, "light.square");
  builder.step("Sqrt", {"light.square"}, "light.strength");
  builder.step("Div", {"light.strength", light}, "light.gains");
  builder.step("Mul", {picture, "light.gains"}, "input.balanced");
  return builder.step("Clip", {"input.balanced", black, brightest}, "input.limited");
}

}  // namespace

std::string add_input(OnnxBuilder& builder, onnx::GraphProto& graph, const Card& card, const InputStage& stage) {
  OnnxBuilder::describe(*graph.add_input(), "image", onnx::TensorProto::UINT8, {-1, card.height, card.width, 3});
  const std::vector<std::int64_t> channel_shape =
      stage.nchw ? std::vector<std::int64_t>{1, 3, 1, 1} : std::vector<std::int64_t>{1, 1, 1, 3};
  builder.floats("input.mean", channel_shape, card.mean);
  builder.floats("input.std", channel_shape, card.std);
  OnnxBuilder::set(builder.node("Cast", {"image"}, "input.float"), "to", std::int64_t{onnx::TensorProto::FLOAT});
  std::string x = add_colour_constancy(builder, "input.float", card);
  if (stage.nchw) x = builder.transpose(x, {0, 3, 1, 2}, "input.nchw");
  x = builder.step("Sub", {x, "input.mean"}, "input.centred");
  x = builder.step("Div", {x, "input.std"}, "input.normalised");
  if (!stage.rgb) x = builder.gather(x, {2, 1, 0}, stage.nchw ? 1 : 3, "input.bgr");
  return x;
}

std::string add_calibration(OnnxBuilder& builder, const Card& card) {
  if (!card.vector_scaling) {
    const auto temperature = static_cast<float>(card.temperature);
    builder.floats(temperature_name, {1}, {&temperature, 1});
    return builder.step("Div", {"logits", temperature_name}, calibrated_name);
  }
  const auto floats = [&](const char* name, const std::vector<double>& values) {
    const std::vector<float> narrow(values.begin(), values.end());
    return builder.floats(name, {static_cast<std::int64_t>(values.size())}, narrow);
  };
  builder.step("Mul", {"logits", floats("calibration.weight", card.vector_scaling->weight)}, "calibration.weighted");
  return builder.step("Add", {"calibration.weighted", floats("calibration.bias", card.vector_scaling->bias)},
                      calibrated_name);
}

void add_probabilities(OnnxBuilder& builder, onnx::GraphProto& graph, const Card& card) {
  const std::string calibrated = add_calibration(builder, card);
  OnnxBuilder::set(builder.node("Softmax", {calibrated}, "probabilities"), "axis", std::int64_t{1});
  const auto classes = static_cast<std::int64_t>(card.classes.size());
  for (const char* name : {"probabilities", "logits"})
    OnnxBuilder::describe(*graph.add_output(), name, onnx::TensorProto::FLOAT, {-1, classes});
}

void add_ood_score(OnnxBuilder& builder, onnx::GraphProto& graph, const OodHead& ood) {
  if (ood.projection.values.empty()) {
    // -logsumexp, with the largest logit taken out first: exp of a logit above 88 is infinite in float32.
    const std::string largest = builder.reduce("ReduceMax", "logits", {1}, true, "ood.largest");
    builder.step("Sub", {"logits", largest}, "ood.shifted");
    builder.step("Exp", {"ood.shifted"}, "ood.exp");
    builder.reduce("ReduceSum", "ood.exp", {1}, true, "ood.sum");
    builder.step("Log", {"ood.sum"}, "ood.log");
    builder.step("Add", {"ood.log", largest}, "ood.logsumexp");
    builder.step("Neg", {"ood.logsumexp"}, "ood.energy");
    builder.step("Squeeze", {"ood.energy", builder.integers("ood.squeeze", {1})}, "ood_score");
  } else {
    builder.floats(projection_name, ood.projection.shape, ood.projection.values);
    builder.floats(means_name, ood.means.shape, ood.means.values);
    builder.step("MatMul", {"embedding", projection_name}, "ood.projected");
    builder.step("Unsqueeze", {"ood.projected", builder.integers("ood.unsqueeze", {1})}, "ood.rows");
    builder.step("Sub", {"ood.rows", means_name}, "ood.differences");
    builder.step("Mul", {"ood.differences", "ood.differences"}, "ood.squares");
    builder.reduce("ReduceSum", "ood.squares", {2}, false, "ood.distances");
    builder.reduce("ReduceMin", "ood.distances", {1}, false, "ood_score");
  }
  OnnxBuilder::describe(*graph.add_output(), "ood_score", onnx::TensorProto::FLOAT, {-1});
}

void seal(onnx::ModelProto& model, const Card& card) {
  model.clear_metadata_props();
  const auto add = [&](const char* key, std::string value) {
    onnx::StringStringEntryProto& entry = *model.add_metadata_props();
    entry.set_key(key);
    entry.set_value(std::move(value));
  };
  add(card_key, to_json(card));
  add(seal_key, graph_hash(model));
}

std::vector<std::byte> serialise(const onnx::ModelProto& model) {
  const std::size_t size = model.ByteSizeLong();
  if (size > largest_file)
    throw Error("this model would be larger than 2 GiB, the most that an ONNX file without external data can hold");
  std::vector<std::byte> bytes(size);
  model.SerializeToArray(bytes.data(), static_cast<int>(size));
  return bytes;
}

}  // namespace naevus::model
