#include "naevus/network/weights.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/random.hpp"
#include "naevus/network/architectures.hpp"

namespace naevus::network {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::filesystem::path pth_folder = NAEVUS_SOURCE_DIR "/tests/golden/pth";

/// Bit for bit, so that NaN and -0 count.
void expect_same(const StateDict& ours, const nlohmann::json& expected) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : ours) names.push_back(name);
  std::vector<std::string> expected_names;
  for (const auto& [name, tensor] : expected.items()) expected_names.push_back(name);
  ASSERT_EQ(names, expected_names);
  for (const auto& [name, tensor] : ours) {
    EXPECT_EQ(tensor.shape, expected[name]["shape"].get<std::vector<std::int64_t>>()) << name;
    ASSERT_EQ(tensor.values.size(), expected[name]["values"].size()) << name;
    for (std::size_t i = 0; i < tensor.values.size(); ++i) {
      const auto value =
          static_cast<float>(std::strtod(expected[name]["values"][i].get<std::string>().c_str(), nullptr));
      EXPECT_EQ(std::bit_cast<std::uint32_t>(tensor.values[i]), std::bit_cast<std::uint32_t>(value))
          << name << ' ' << i;
    }
  }
}

TEST(PyTorchWeights, HoldWhatPyTorchWrote) {
  const auto expected = nlohmann::json::parse(std::ifstream(pth_folder / "expected.json"));
  int files = 0;
  for (const auto& [file, holds] : expected.items()) {
    SCOPED_TRACE(file);
    ++files;
    if (holds.is_object()) {
      expect_same(read_weights(pth_folder / file), holds);
      continue;
    }
    const std::string reason = holds.get<std::string>().substr(std::strlen("refused: "));
    try {
      read_weights(pth_folder / file);
      ADD_FAILURE() << "it was taken";
    } catch (const InputError& error) {
      EXPECT_THAT(error.problem(), HasSubstr(reason));
      EXPECT_THAT(error.where(), HasSubstr(file));
      EXPECT_THAT(error.advice(), HasSubstr("torch.save(model.state_dict()"));
    }
  }
  EXPECT_GE(files, 11);
}

TEST(PyTorchWeights, CutShortOrChangedAreTheSameOrAnInputError) {
  for (const char* file : {"torch1.13-kinds.pth", "torch1.13-kinds-stream.pth"}) {
    const std::vector<std::byte> whole = read_file(pth_folder / file);
    for (std::size_t size = 0; size < whole.size(); size += 7)
      EXPECT_THROW(parse_weights(std::span(whole).first(size)), InputError) << file << ' ' << size;
    Random random(4);
    for (int i = 0; i < 2000; ++i) {
      std::vector<std::byte> changed = whole;
      changed[random.below(changed.size())] = static_cast<std::byte>(random.below(256));
      try {
        parse_weights(changed);
      } catch (const InputError&) {
      }
    }
  }
}

std::vector<std::byte> safetensors(const std::string& header, std::size_t data) {
  std::vector<std::byte> content(8 + header.size() + data);
  const std::uint64_t size = header.size();
  std::memcpy(content.data(), &size, sizeof size);
  std::memcpy(content.data() + 8, header.data(), header.size());
  return content;
}

TEST(Safetensors, ComeBackAsTheyWereWritten) {
  const Graph graph = build("scratch-cnn", {.width = 64, .height = 64});
  StateDict state = initialise(graph, 1);
  state["odd"] = {{2, 0}, {}};
  state["scalar"] = {{}, {-0.0F}};
  EXPECT_EQ(parse_weights(to_safetensors(state, {{"licence", "CC0"}})), state);
}

TEST(Safetensors, ReadTheFourKindsOfNumbersAndPassOverIntegers) {
  std::vector<std::byte> content = safetensors(
      R"({"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[],"data_offsets":[8,12]},)"
      R"("c":{"dtype":"F16","shape":[1,1],"data_offsets":[12,14]},"d":{"dtype":"BF16","shape":[1],"data_offsets":[14,16]},)"
      R"("e":{"dtype":"I64","shape":[1],"data_offsets":[16,24]},"__metadata__":{"format":"pt"}})",
      24);
  std::byte* data = content.data() + content.size() - 24;
  const double a = -0.1;
  const float b = 3;
  const std::uint16_t c = 0x3555, d = 0x3EAB;  // one third, in half and in bfloat16
  std::memcpy(data, &a, 8);
  std::memcpy(data + 8, &b, 4);
  std::memcpy(data + 12, &c, 2);
  std::memcpy(data + 14, &d, 2);
  const StateDict state = parse_weights(content);
  ASSERT_EQ(state.size(), 4U);
  EXPECT_EQ(state.at("a").values, std::vector<float>{-0.1F});
  EXPECT_EQ(state.at("b").values, std::vector<float>{3});
  EXPECT_EQ(state.at("c").values, std::vector<float>{0.333251953125F});
  EXPECT_EQ(state.at("d").values, std::vector<float>{0.333984375F});
}

TEST(Safetensors, WithWrongPlacesOrShapesAreRefused) {
  const auto refused = [](const std::string& header, std::size_t data) {
    EXPECT_THROW(parse_weights(safetensors(header, data)), InputError) << header;
  };
  const auto tensor = [](const std::string& shape, const std::string& offsets) {
    return R"("a":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
  };
  refused("{" + tensor("[1]", "[0,4]") + "}", 8);                    // bytes that belong to nothing
  refused("{" + tensor("[1]", "[4,8]") + "}", 8);                    // a hole
  refused("{" + tensor("[2]", "[0,4]") + "}", 4);                    // too large a shape
  refused("{" + tensor("[1]", "[0,8]") + "}", 4);                    // beyond the end
  refused("{" + tensor("[1]", "[4,0]") + "}", 4);                    // backwards
  refused("{" + tensor("[-1]", "[0,4]") + "}", 4);                   // negative
  refused("{" + tensor("[4611686018427387905]", "[0,4]") + "}", 4);  // overflows to 4 bytes
  refused("{" + tensor("[4294967296,4294967296]", "[0,0]") + "}", 0);
  refused("{" + tensor("[1.5]", "[0,4]") + "}", 4);
  refused(R"({"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}})", 1);
  refused(R"({"a":{"dtype":"F32","shape":[1]}})", 4);
  refused(R"({"a":4})", 4);
  refused("{" + tensor("[1]", "[0,4]"), 4);
  std::vector<std::byte> endless(9, std::byte{0xff});
  endless[8] = std::byte{'{'};
  EXPECT_THROW(parse_weights(endless), InputError);
}

TEST(Weights, OfAnotherKindAreNamed) {
  const auto advice_for = [](std::string_view content) {
    try {
      parse_weights(as_bytes(content));
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string("it was taken");
  };
  EXPECT_THAT(advice_for("\x89HDF\r\n\x1a\n"), HasSubstr("naevus adopt"));
  EXPECT_THAT(advice_for("PK\x03\x04"), HasSubstr("damaged"));
  EXPECT_THAT(advice_for(""), HasSubstr("no weight file"));
  EXPECT_THAT(advice_for("some text"), HasSubstr("no weight file"));
  EXPECT_THROW(read_weights("/nonexistent.pth"), IoError);
}

TEST(FitWeights, KeepsAHeadOfAnotherClassCountAndListsTheRest) {
  const Graph graph = build("scratch-cnn", {.classes = 7});
  const StateDict fresh = initialise(graph, 1);
  StateDict weights = initialise(build("scratch-cnn", {.classes = 1000}), 2);
  weights["extra"] = {{1}, {0}};
  weights.erase("stage1.bn1.running_mean");
  StateDict state = fresh;
  const FitReport report = fit_weights(graph, weights, state);
  EXPECT_THAT(report.missing, ElementsAre("stage1.bn1.running_mean"));
  EXPECT_THAT(report.left_over, ElementsAre("extra"));
  EXPECT_THAT(report.head, ElementsAre("fc.weight", "fc.bias"));
  EXPECT_EQ(report.loaded, parameters(graph).size() - 3);
  EXPECT_EQ(state.at("fc.weight"), fresh.at("fc.weight"));
  EXPECT_EQ(state.at("stage2.conv1.weight"), weights.at("stage2.conv1.weight"));
}

TEST(FitWeights, OfTheSameClassCountTakesTheHead) {
  const Graph graph = build("scratch-cnn", {.classes = 7});
  StateDict state = initialise(graph, 1);
  const StateDict weights = initialise(graph, 2);
  const FitReport report = fit_weights(graph, weights, state);
  EXPECT_EQ(state, weights);
  EXPECT_THAT(report.head, ElementsAre());
}

TEST(FitWeights, OfAnotherArchitectureIsAnInputError) {
  const Graph graph = build("scratch-cnn", {});
  StateDict state = initialise(graph, 1);
  const StateDict before = state;
  EXPECT_THROW(fit_weights(graph, initialise(build("efficientnet-lite0", {}), 1), state), InputError);
  StateDict wider = state;
  wider["stage1.conv1.weight"].shape = {32, 3, 5, 5};
  EXPECT_THROW(fit_weights(graph, wider, state), InputError);
  EXPECT_EQ(state, before);
}

}  // namespace
}  // namespace naevus::network
