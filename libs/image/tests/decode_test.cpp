#include "naevus/image/decode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "golden_pictures.hpp"
#include "naevus/base/error.hpp"
#include "naevus/image/encode.hpp"

namespace naevus::image {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using testing::AllOf;
using testing::HasSubstr;

/// The whole message of the error that decoding raises; empty when it succeeds.
std::string refusal(std::span<const std::byte> file, const DecodeLimits& limits = {}) {
  try {
    decode(file, limits);
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

std::string refusal(std::string_view file) {
  return refusal(as_bytes(file));
}

std::vector<std::string> golden_names() {
  std::vector<std::string> names;
  const auto expected = golden_json("images.json");
  for (const auto& [name, value] : expected.items()) names.push_back(name);
  return names;
}

class GoldenPicture : public testing::TestWithParam<std::string> {};

// make_images.py: Pillow 13, tifffile, or the samples that the file was written from.
TEST_P(GoldenPicture, HasThePixelsThatPillowReads) {
  const auto expected = golden_json("images.json").at(GetParam());
  const Image image = decode(golden_picture(GetParam()));
  EXPECT_EQ(image.width, expected.at("width"));
  EXPECT_EQ(image.height, expected.at("height"));
  EXPECT_EQ(pixel_hash(image), expected.at("pixel_hash"));
}

TEST_P(GoldenPicture, IsRefusedWhenCutShortAnywhere) {
  const auto file = golden_picture(GetParam());
  // The reader of a BMP or TIFF may be served before the last bytes: padding, and directories that stand first.
  const bool slack = GetParam().ends_with(".bmp") || GetParam().ends_with(".tif");
  const std::size_t end = slack ? file.size() - 16 : file.size();
  for (std::size_t size = 0; size < end; size += size < 64 ? 1 : 13)
    EXPECT_NE(refusal(std::span(file).first(size)), "") << "cut to " << size << " of " << file.size();
}

INSTANTIATE_TEST_SUITE_P(Decode, GoldenPicture, testing::ValuesIn(golden_names()), [](const auto& test) {
  std::string name = test.param;
  std::ranges::replace(name, '.', '_');
  return name;
});

TEST(Decode, RefusesAnEmptyFile) {
  EXPECT_THAT(refusal(""sv), AllOf(HasSubstr("empty"), HasSubstr("again")));
}

TEST(Decode, RefusesTextHtmlSvgAndPdfByName) {
  EXPECT_THAT(refusal("this is not a picture\n"sv), HasSubstr("a text file"));
  EXPECT_THAT(refusal("<!DOCTYPE html><html>404"sv), HasSubstr("a web page"));
  EXPECT_THAT(refusal("<?xml version='1.0'?><svg xmlns='x'/>"sv), HasSubstr("an SVG drawing"));
  EXPECT_THAT(refusal("%PDF-1.7"sv), HasSubstr("a PDF"));
  EXPECT_THAT(refusal("version https://git-lfs.github.com/spec/v1\n"sv), HasSubstr("git lfs pull"));
}

TEST(Decode, SaysHowToMakeAJpegOfHeicAndAvif) {
  EXPECT_THAT(refusal("\0\0\0\x18"
                      "ftypheic\0\0\0\0mif1heic"sv),
              AllOf(HasSubstr("HEIC"), HasSubstr("Settings > Camera > Formats > Most Compatible")));
  EXPECT_THAT(refusal("\0\0\0\x18"
                      "ftypavif\0\0\0\0mif1avif"sv),
              AllOf(HasSubstr("AVIF"), HasSubstr("save it as JPEG")));
  EXPECT_THAT(refusal("\0\0\0\x18"
                      "ftypmp42\0\0\0\0isommp42"sv),
              HasSubstr("a film"));
}

TEST(Decode, RefusesAnimations) {
  EXPECT_THAT(refusal(golden_picture("refused/animated.gif")), HasSubstr("a GIF"));
  EXPECT_THAT(refusal(golden_picture("refused/animated.webp")), HasSubstr("an animated WebP"));
  EXPECT_THAT(refusal(golden_picture("refused/animated.png")), HasSubstr("an animated PNG"));
}

TEST(Decode, RefusesZerosAndNoise) {
  EXPECT_THAT(refusal(std::string(4096, '\0')), HasSubstr("only zeros"));
  EXPECT_THAT(refusal("\x01\x02\x03\x04\x05\x06\x07\x08"sv), HasSubstr("not a picture of a known kind"));
}

TEST(Decode, RefusesAHeaderOf60000SquaredPixels) {
  const std::string png =
      "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\xEA\x60\0\0\xEA\x60\x08\x02\0\0\0\0\0\0\0"s + std::string(40, 'x');
  EXPECT_THAT(refusal(png), HasSubstr("60000 x 60000 pixels are more than is read"));
}

TEST(Decode, HoldsToTheLimitsItIsGiven) {
  const auto file = golden_picture("rgb8.png");  // 37 x 29
  EXPECT_EQ(refusal(file, {.max_side = 37, .max_pixels = 37 * 29}), "");
  EXPECT_THAT(refusal(file, {.max_side = 36}), HasSubstr("37 x 29"));
  EXPECT_THAT(refusal(file, {.max_pixels = 37 * 29 - 1}), HasSubstr("37 x 29"));
  EXPECT_THAT(refusal(file, {.max_bytes = 100}), HasSubstr("larger than is read (100)"));
}

TEST(Decode, TellsATruncatedFileFromADamagedOne) {
  for (const std::string name :
       {"ycc420.jpg", "progressive.jpg", "rgb8.png", "lossless.webp", "raw8.tif", "rgb24.bmp"}) {
    const auto file = golden_picture(name);
    EXPECT_THAT(refusal(std::span(file).first(file.size() * 2 / 3)), HasSubstr("ends early")) << name;
  }
  auto png = golden_picture("rgb8.png");
  png[png.size() / 2] ^= std::byte{1};
  EXPECT_THAT(refusal(png), HasSubstr("the PNG is damaged"));
}

TEST(Decode, RefusesAJpegThatRepeatsItsScans) {
  // One scan of the chroma, repeated: each repeat costs a pass over the whole picture.
  const auto file = golden_picture("progressive.jpg");
  std::string text(reinterpret_cast<const char*>(file.data()), file.size());
  const auto last = text.rfind("\xFF\xDA"), end = text.rfind("\xFF\xD9");
  const std::string scan = text.substr(last, end - last);
  text.resize(end);
  for (int i = 0; i < 500; ++i) text += scan;
  EXPECT_THAT(refusal(text + "\xFF\xD9"), HasSubstr("the JPEG is damaged"));
}

// Found by decode_fuzz: stb_image, the reader before, answered with uninitialised memory.
TEST(Decode, RefusesABmpWhosePixelsAreNotInItsPalette) {
  auto file = golden_picture("grey8.bmp");
  file[10] = std::byte{54 + 40};  // the pixels' offset: a palette of ten colours is left
  file[11] = std::byte{0};
  EXPECT_THAT(refusal(file), HasSubstr("not in its palette"));
}

TEST(Decode, ReadsTheHeaderAlone) {
  const Header header = read_header(golden_picture("orientation6.jpg"));
  EXPECT_EQ(header.format, Format::jpeg);
  EXPECT_EQ(header.width, 37);
  EXPECT_EQ(header.height, 29);
  EXPECT_EQ(header.orientation, 6);
}

TEST(Load, NamesTheFileInItsErrors) {
  try {
    load(golden("images/refused/animated.gif"));
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.where(), HasSubstr("animated.gif"));
  }
  EXPECT_THROW(load(golden("images/none.png")), IoError);
}

TEST(PictureExtension, IsKnownInAnyCase) {
  EXPECT_TRUE(has_picture_extension("a/b.JPG"));
  EXPECT_TRUE(has_picture_extension("b.tiff"));
  EXPECT_FALSE(has_picture_extension("b.gif"));
  EXPECT_FALSE(has_picture_extension("jpg"));
}

TEST(Encode, PngGivesTheSamePixelsBack) {
  const Image image = decode(golden_picture("rgb8.png"));
  EXPECT_EQ(decode(encode_png(image)), image);
}

TEST(Encode, JpegAtFullQualityIsCloseToThePixels) {
  const Image image = decode(golden_picture("rgb8.png"));
  const Image back = decode(encode_jpeg(image, 100));
  ASSERT_EQ(back.pixels.size(), image.pixels.size());
  for (std::size_t i = 0; i < image.pixels.size(); ++i) ASSERT_NEAR(back.pixels[i], image.pixels[i], 4) << i;
  EXPECT_LT(encode_jpeg(image, 30).size(), encode_jpeg(image, 95).size());
  EXPECT_THROW(encode_jpeg(image, 0), UsageError);
}

}  // namespace
}  // namespace naevus::image
