#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "example.hpp"
#include "naevus/base/error.hpp"

namespace naevus::model {
namespace {

using ::testing::HasSubstr;

/// Runs tests/python/foreign_networks.py: makes networks of other programs, or runs what was adopted from them.
int foreign_networks(const std::string& arguments) {
  return std::system(
      (NAEVUS_SOURCE_DIR "/.deps/venv/bin/python " NAEVUS_SOURCE_DIR "/tests/python/foreign_networks.py " + arguments)
          .c_str());
}

AdoptOptions three_classes() {
  return {.classes = {"nv", "bcc", "mel"},
          .malignant = {"mel", "bcc"},
          .mean = {123, 117, 104},
          .std = {58, 57, 59},
          .licence = "CC0"};
}

std::string problem_with(const std::filesystem::path& path, const AdoptOptions& options) {
  try {
    adopt(path, options);
  } catch (const InputError& error) {
    EXPECT_EQ(error.where(), path.string());
    return error.what();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "it was taken";
}

class Adopt : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(foreign_networks("make " + (folder_ / "").string()), 0); }
  testing::Folder folder_;
};

TEST_F(Adopt, WrapsNetworksOfAnyLayoutOrderAndOpsetWithoutChangingTheirAnswers) {
  struct Case {
    const char* file;
    bool nchw, rgb, softmax_inside;
  };
  for (const Case& foreign :
       {Case{"nchw13", true, true, false}, Case{"nchw17", true, false, false}, Case{"nhwc18", false, true, true},
        Case{"nhwc21", false, false, true}, Case{"single", true, true, false}}) {
    SCOPED_TRACE(foreign.file);
    AdoptOptions options = three_classes();
    options.nchw = foreign.nchw;
    options.rgb = foreign.rgb;
    options.softmax_inside = foreign.softmax_inside;
    const std::string source = (folder_ / foreign.file).string() + ".onnx";
    const auto adopted = folder_.write("adopted.onnx", adopt(source, options));
    EXPECT_EQ(
        foreign_networks("compare " + source + " " + adopted.string() + (foreign.nchw ? " nchw" : " nhwc") +
                         (foreign.rgb ? " rgb" : " bgr") + (foreign.softmax_inside ? " probabilities" : " logits")),
        0);
    EXPECT_EQ(testing::check_with_other_readers(adopted), 0);
    const Card card = read_card(adopted);
    EXPECT_EQ(card.classes, (std::vector<std::string>{"bcc", "mel", "nv"}));
    EXPECT_EQ(card.adopted_from, std::string(foreign.file) + ".onnx");
  }
}

// check_model.py works out the formula in NumPy; the axes of the reductions stand elsewhere from opset 18 on.
TEST_F(Adopt, TakesTheLightsColourOutInAnyLayoutAndOpset) {
  for (const auto& [file, nchw] : {std::pair("nchw13", true), {"nhwc21", false}}) {
    AdoptOptions options = three_classes();
    options.nchw = nchw;
    options.preparation = {{"colour_constancy", "shades_of_grey"}, {"vignette", "crop"}};
    const auto adopted = folder_.write("adopted.onnx", adopt((folder_ / file).string() + ".onnx", options));
    EXPECT_EQ(testing::check_with_other_readers(adopted), 0) << file;
    EXPECT_EQ(read_card(adopted).preparation, options.preparation);
  }
}

TEST_F(Adopt, GivesAFileThatTakesANewTemperatureButNoMoreTraining) {
  const auto path = folder_.write("adopted.onnx", adopt(folder_ / "nchw17.onnx", three_classes()));
  Card card = read_card(path);
  card.temperature = 2;
  const auto calibrated = folder_.write("calibrated.onnx", with_card(path, card));
  EXPECT_EQ(read_card(calibrated).temperature, 2);
  EXPECT_EQ(testing::check_with_other_readers(calibrated), 0);
  EXPECT_THROW(read_model(calibrated), InputError);
}

TEST_F(Adopt, SaysWhatDoesNotFit) {
  const AdoptOptions options = three_classes();
  AdoptOptions two = options;
  two.classes = {"mel", "nv"};
  two.malignant = {"mel"};
  EXPECT_THAT(problem_with(folder_ / "nchw17.onnx", two), HasSubstr("gives 3 numbers"));
  AdoptOptions nhwc = options;
  nhwc.nchw = false;
  EXPECT_THAT(problem_with(folder_ / "nchw17.onnx", nhwc), HasSubstr("--layout nchw"));
  EXPECT_THAT(problem_with(folder_ / "opset11.onnx", options), HasSubstr("opset 11"));
  EXPECT_THAT(problem_with(folder_ / "two_inputs.onnx", options), HasSubstr("2 inputs"));
  EXPECT_THAT(problem_with(folder_ / "two_outputs.onnx", options), HasSubstr("2 outputs"));
  EXPECT_THAT(problem_with(folder_ / "free_size.onnx", options), HasSubstr("no fixed size"));
  EXPECT_THAT(problem_with(folder_ / "fixed_batch.onnx", options), HasSubstr("exactly 4 pictures"));
  EXPECT_THAT(problem_with(folder_ / "stuck_single.onnx", options), HasSubstr("one picture at a time"));
  EXPECT_THAT(problem_with(folder_ / "external.onnx", options), HasSubstr("another file"));
  const auto text = folder_.write("text.onnx", std::vector<std::byte>(100, std::byte{'a'}));
  EXPECT_THAT(problem_with(text, options), HasSubstr("no ONNX file"));
  AdoptOptions unknown = options;
  unknown.malignant = {"scc"};
  EXPECT_THAT(problem_with(folder_ / "nchw17.onnx", unknown), HasSubstr("malignant"));
}

}  // namespace
}  // namespace naevus::model
