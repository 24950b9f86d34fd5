#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <openvino/runtime/core.hpp>

#include "fixture.hpp"
#include "naevus/base/error.hpp"
#include "naevus/image/colour_constancy.hpp"
#include "naevus/infer/classifier.hpp"

namespace naevus::infer {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;

/// A model that asks for these steps.
fs::path write_with(const fs::path& folder, const fs::path& plain, const std::map<std::string, std::string>& steps) {
  model::Model model = model::read_model(plain);
  model.card.preparation = steps;
  write_file(folder / "prepared.onnx", model::to_onnx(model));
  return folder / "prepared.onnx";
}

/// What the network behind the graph's colour constancy is given, in 0..255.
std::vector<float> seen_through(const fs::path& path, const std::vector<image::Image>& pictures) {
  ov::Core core;
  const auto whole = core.read_model(path.string());
  ov::Output<ov::Node> tap;
  for (const auto& node : whole->get_ordered_ops())
    if (node->get_output_size() > 0 && node->output(0).get_names().contains("input.limited")) tap = node->output(0);
  const auto input = std::make_shared<ov::Model>(ov::OutputVector{tap}, whole->get_parameters());
  auto request =
      core.compile_model(input, "CPU", ov::hint::inference_precision(ov::element::f32)).create_infer_request();
  std::vector<std::uint8_t> bytes;
  for (const auto& picture : pictures) bytes.insert(bytes.end(), picture.pixels.begin(), picture.pixels.end());
  request.set_input_tensor(ov::Tensor(ov::element::u8, {pictures.size(), 64, 64, 3}, bytes.data()));
  request.infer();
  const ov::Tensor output = request.get_output_tensor();
  return {output.data<const float>(), output.data<const float>() + output.get_size()};
}

TEST_F(Infer, ColourConstancyInTheGraphIsTheOneOfTheImageLibrary) {
  std::vector<image::Image> pictures{picture(1), picture(2), image::Image(64, 64), picture(3)};
  for (std::size_t i = 0; i < pictures[0].pixels.size(); ++i)
    pictures[0].pixels[i] = static_cast<std::uint8_t>(pictures[0].pixels[i] / (1 + i % 3));  // a red light
  for (auto& value : pictures[3].pixels) value = static_cast<std::uint8_t>(value / 40);      // nearly dark
  for (const char* how : {"grey_world", "shades_of_grey", "max_rgb"}) {
    SCOPED_TRACE(how);
    const auto path = write_with(folder(), write_model(), {{"colour_constancy", how}});
    const std::vector<float> together = seen_through(path, pictures);
    const auto step = preparation_of(model::read_card(path)).colour_constancy;
    std::size_t at = 0;
    for (const auto& picture : pictures) {
      const auto gains = image::colour_gains(picture.pixels, step);
      const auto rounded = image::with_colour_constancy(picture, step);
      const std::vector<float> alone = seen_through(path, {picture});
      double off = 0, off_rounded = 0, off_alone = 0;
      for (std::size_t i = 0; i < picture.pixels.size(); ++i, ++at) {
        const float expected = std::min(static_cast<float>(picture.pixels[i]) * gains[i % 3], 255.0F);
        off = std::max(off, static_cast<double>(std::abs(together[at] - expected)));
        off_rounded = std::max(off_rounded, static_cast<double>(std::abs(together[at] - rounded.pixels[i])));
        off_alone = std::max(off_alone, static_cast<double>(std::abs(together[at] - alone[i])));
      }
      EXPECT_LE(off, 0.001);
      EXPECT_LE(off_rounded, 0.501);
      EXPECT_EQ(off_alone, 0);
    }
  }
}

TEST_F(Infer, APictureGoesThroughTheStepsOfTheCard) {
  const std::map<std::string, std::string> steps{{"vignette", "crop"},  {"hair_removal", "dullrazor"},
                                                 {"denoise", "median"}, {"contrast", "clahe"},
                                                 {"resize", "area"},    {"colour_constancy", "shades_of_grey"}};
  const Classifier classifier(write_with(folder(), write_model(), steps), {.threads = 2, .cache = fs::path()});
  const image::Preparation expected{.width = 64,
                                    .height = 64,
                                    .vignette = image::Vignette::crop,
                                    .hair_removal = image::HairRemoval::dullrazor,
                                    .denoise = image::Denoise::median,
                                    .contrast = image::Contrast::clahe,
                                    .resize = image::Filter::area,
                                    .colour_constancy = image::ColourConstancy::shades_of_grey};
  EXPECT_EQ(classifier.preparation(), expected);
  const auto file = write_picture("a.png", 1, 300, 200);
  const auto prepared = image::prepare(picture(1, 300, 200), expected);
  const auto outcomes = classifier.classify_files({&file, 1});
  EXPECT_EQ(std::get<Answer>(outcomes.at(0)).logits, classifier.classify({&prepared, 1}).at(0).logits);
  EXPECT_EQ(classifier.classify_encoded(read_file(file)).logits, std::get<Answer>(outcomes.at(0)).logits);
}

TEST_F(Infer, AStepThatThisProgramDoesNotKnowIsRefusedByName) {
  const auto refusal = [&](const std::map<std::string, std::string>& steps) {
    const auto path = write_with(folder(), write_model(), steps);
    try {
      const Classifier classifier(path, {.threads = 1, .cache = fs::path()});
    } catch (const InputError& error) {
      EXPECT_EQ(error.where(), path.string());
      EXPECT_EQ(error.advice(), "use a newer naevus");
      return error.problem();
    }
    return std::string("(accepted)");
  };
  EXPECT_THAT(refusal({{"sharpen", "unsharp_mask"}}), HasSubstr("'sharpen'"));
  EXPECT_THAT(refusal({{"denoise", "wavelet"}}), HasSubstr("'denoise' has no value 'wavelet'"));
}

}  // namespace
}  // namespace naevus::infer
