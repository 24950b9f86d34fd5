#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/runtime/core.hpp>

#include "../../../tests/golden/formula.hpp"
#include "fixture.hpp"

namespace naevus::infer {
namespace {

model::Model filled_by_the_formula(const std::string& architecture) {
  model::Model model{.graph = network::build(architecture, {.classes = 7})};
  for (const auto& spec : network::parameters(model.graph))
    model.state[spec.name] = {spec.shape, golden::parameter(spec.name, spec.shape)};
  model.card.name = architecture;
  model.card.architecture = architecture;
  model.card.classes = {"a", "b", "c", "d", "e", "f", "g"};
  model.card.std = {1, 1, 1};
  return model;
}

/// The reference's input is not a picture, so it goes in behind the normalisation: the first node that reads an NCHW
/// float image gets a parameter in its place.
std::shared_ptr<ov::Model> fed_with_normalised_floats(const std::shared_ptr<ov::Model>& whole) {
  const auto input = std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::Shape{1, 3, 224, 224});
  for (const auto& node : whole->get_ordered_ops()) {
    const auto& names = node->get_output_size() == 0 ? std::unordered_set<std::string>{} : node->output(0).get_names();
    if (!names.contains("input.normalised")) continue;
    for (auto& target : node->output(0).get_target_inputs()) target.replace_source_output(input->output(0));
  }
  return std::make_shared<ov::Model>(ov::OutputVector{whole->output("logits")}, ov::ParameterVector{input});
}

std::vector<float> logits_in_openvino(const std::filesystem::path& path) {
  ov::Core core;
  auto network = core.compile_model(fed_with_normalised_floats(core.read_model(path.string())), "CPU",
                                    ov::hint::inference_precision(ov::element::f32));
  auto request = network.create_infer_request();
  std::vector<float> input = golden::input();
  request.set_input_tensor(ov::Tensor(ov::element::f32, {1, 3, 224, 224}, input.data()));
  request.infer();
  const ov::Tensor output = request.get_output_tensor();
  return {output.data<const float>(), output.data<const float>() + output.get_size()};
}

class Parity : public Infer, public testing::WithParamInterface<std::string> {};

TEST_P(Parity, OpenVinoGivesTorchvisionsLogits) {
  const auto reference =
      nlohmann::json::parse(std::ifstream(NAEVUS_SOURCE_DIR "/tests/golden/torchvision.json"))["networks"][GetParam()]
          .at("logits")
          .get<std::vector<double>>();
  const auto path = folder() / "model.onnx";
  write_file(path, model::to_onnx(filled_by_the_formula(GetParam())));
  const std::vector<float> logits = logits_in_openvino(path);
  ASSERT_EQ(logits.size(), reference.size());
  double largest = 0, difference = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    largest = std::max(largest, std::abs(reference[i]));
    difference = std::max(difference, std::abs(static_cast<double>(logits[i]) - reference[i]));
  }
  EXPECT_LE(difference, 1e-3 * largest);
}

std::vector<std::string> of_torchvision() {
  const auto networks =
      nlohmann::json::parse(std::ifstream(NAEVUS_SOURCE_DIR "/tests/golden/torchvision.json")).at("networks");
  std::vector<std::string> names;
  for (const auto& architecture : network::architectures())
    if (networks.contains(architecture.name)) names.push_back(architecture.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Architectures, Parity, testing::ValuesIn(of_torchvision()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace naevus::infer
