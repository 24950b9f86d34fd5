#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>

#include "dicom_file.hpp"
#include "drawn.hpp"
#include "naevus/base/error.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/image/inspect.hpp"

namespace naevus::image {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::span<const std::byte> bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

std::string refusal(const std::string& file, const DecodeLimits& limits = {}) {
  try {
    decode(bytes(file), limits);
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

std::string refusal(const DicomFile& file) {
  return refusal(file.bytes());
}

std::string jpeg(const Image& image) {
  const auto file = encode_jpeg(image, 90);
  return {reinterpret_cast<const char*>(file.data()), file.size()};
}

const Image picture = drawn_skin(50, 37);

/// Samples in planes, all of one colour first.
std::string planes(const Image& image) {
  std::string out;
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t i = c; i < image.pixels.size(); i += 3) out += static_cast<char>(image.pixels[i]);
  return out;
}

/// One frame of run lengths: each plane as literal runs but for its first three samples, which are one run.
std::string run_lengths(const Image& image) {
  const std::string samples = planes(image);
  const std::size_t size = samples.size() / 3;
  std::string head = little_endian(3, 4), body;
  for (std::size_t plane = 0; plane < 3; ++plane) {
    head += little_endian(64 + body.size(), 4);
    body += "\xFE" + samples.substr(plane * size, 1) + "\x80";  // three times, then nothing
    for (std::size_t at = 3; at < size; at += 128) {
      const std::string run = samples.substr(plane * size + at, std::min<std::size_t>(128, size - at));
      body += static_cast<char>(run.size() - 1) + run;
    }
    if (body.size() % 2 != 0) body += '\0';
  }
  return fragment("") + fragment(head + std::string(64 - head.size(), '\0') + body);
}

TEST(Dicom, UncompressedPixelsComeAsTheyAre) {
  DicomFile file = dicom_of(picture);
  EXPECT_EQ(decode(bytes(file.bytes())), picture);
  EXPECT_EQ(read_header(bytes(file.bytes())).format, Format::dicom);
  file.planar = 1;
  file.pixels = planes(picture);
  EXPECT_EQ(decode(bytes(file.bytes())), picture);
  file.syntax = "1.2.840.10008.1.2";
  EXPECT_EQ(decode(bytes(file.bytes())), picture);
  file.sop_class = "1.2.840.10008.5.1.4.1.1.77.1.4";
  file.modality = "XC";
  EXPECT_EQ(decode(bytes(file.bytes())), picture);
}

TEST(Dicom, AJpegInsideHasThePixelsOfTheJpegAlone) {
  const std::string inner = jpeg(picture);
  EXPECT_EQ(decode(bytes(dicom_of(picture, inner).bytes())), decode(bytes(inner)));
}

/// libjpeg takes three components without a name for luma and chroma; what the header says is RGB is.
TEST(Dicom, AJpegWithoutColourMarkersIsWhatTheHeaderSays) {
  const std::string inner = jpeg(picture);
  const auto mark = inner.find("JFIF");
  ASSERT_NE(mark, std::string::npos);
  const std::string bare = inner.substr(0, 2) + inner.substr(mark - 4 + 18);  // the APP0 marker is 18 bytes
  DicomFile file = dicom_of(picture, bare);
  const Image as_luma = decode(bytes(file.bytes()));
  EXPECT_EQ(as_luma, decode(bytes(inner)));
  file.photometric = "RGB";
  const Image as_rgb = decode(bytes(file.bytes()));
  EXPECT_NE(as_rgb, as_luma);
  // Luma seen as red: PS3.3, C.7.6.3.1.2.
  const auto* rgb = as_luma.at(25, 18);
  EXPECT_NEAR(as_rgb.at(25, 18)[0], 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2], 2);
  file = dicom_of(picture, inner);
  file.photometric = "RGB";  // wrong, as the JFIF marker tells
  EXPECT_EQ(decode(bytes(file.bytes())), decode(bytes(inner)));
}

TEST(Dicom, RunLengthsAreUnpacked) {
  Image runs = picture;
  for (std::size_t i = 3; i < 9; ++i) runs.pixels[i] = runs.pixels[i % 3];  // as run_lengths() packs it
  DicomFile file = dicom_of(runs);
  file.syntax = "1.2.840.10008.1.2.5";
  file.pixels = run_lengths(runs);
  file.encapsulated = true;
  EXPECT_EQ(decode(bytes(file.bytes())), runs);
}

TEST(Dicom, LumaAndChromaBecomeRgb) {
  // Red, and a grey, by PS3.3, C.7.6.3.1.2: Y 76.2, Cb 85.0, Cr 255.5.
  DicomFile file{.width = 2, .height = 1, .photometric = "YBR_FULL", .pixels = "\x4C\x55\xFF\x80\x80\x80"};
  const Image full = decode(bytes(file.bytes()));
  EXPECT_NEAR(full.at(0, 0)[0], 255, 2);
  EXPECT_NEAR(full.at(0, 0)[1], 0, 2);
  EXPECT_NEAR(full.at(0, 0)[2], 0, 2);
  EXPECT_EQ(std::vector(full.at(1, 0), full.at(1, 0) + 3), std::vector<std::uint8_t>(3, 128));
  file.photometric = "YBR_FULL_422";  // two lumas share their chroma
  file.pixels = "\x4C\x80\x80\x80";
  EXPECT_EQ(decode(bytes(file.bytes())).pixels, (std::vector<std::uint8_t>{76, 76, 76, 128, 128, 128}));
}

TEST(Dicom, GreyIsGrey) {
  const DicomFile file{.width = 2, .height = 1, .samples = 1, .photometric = "MONOCHROME2", .pixels = "\x10\xF0"};
  EXPECT_EQ(decode(bytes(file.bytes())).pixels, (std::vector<std::uint8_t>{16, 16, 16, 240, 240, 240}));
  EXPECT_EQ(read_header(bytes(file.bytes())).color, ColorModel::grey);
}

TEST(Dicom, WhatIsNoPhotographIsNamed) {
  DicomFile file = dicom_of(picture);
  file.sop_class = "1.2.840.10008.5.1.4.1.1.2";
  file.modality = "CT";
  EXPECT_THAT(refusal(file),
              AllOf(HasSubstr("a CT image, not a photograph of the skin"), HasSubstr("VL Photographic")));
  file.sop_class = "1.2.840.10008.5.1.4.1.1.7";
  EXPECT_THAT(refusal(file), HasSubstr("a secondary capture"));
  file.sop_class = "1.2.3";
  file.modality = "OSS\x1B\n";
  EXPECT_THAT(refusal(file), HasSubstr("of the modality OSS (class 1.2.3)"));
}

TEST(Dicom, OtherTransferSyntaxesAreNamed) {
  DicomFile file = dicom_of(picture);
  file.syntax = "1.2.840.10008.1.2.4.90";
  EXPECT_THAT(refusal(file), AllOf(HasSubstr("JPEG 2000, which is not read"), HasSubstr("JPEG baseline")));
  file.syntax = "1.2.840.10008.1.2.2";
  EXPECT_THAT(refusal(file), HasSubstr("big endian"));
  file.syntax = "1.2.3.4";
  EXPECT_THAT(refusal(file), HasSubstr("the transfer syntax 1.2.3.4"));
}

TEST(Dicom, OtherPixelsAreNamed) {
  const auto changed = [](auto change) {
    DicomFile file = dicom_of(picture);
    change(file);
    return refusal(file);
  };
  EXPECT_THAT(changed([](auto& f) { f.bits = 16; }), HasSubstr("16 bits a sample"));
  EXPECT_THAT(changed([](auto& f) { f.photometric = "PALETTE COLOR"; }), HasSubstr("PALETTE"));
  EXPECT_THAT(changed([](auto& f) { f.samples = 1, f.photometric = "MONOCHROME1"; }), HasSubstr("MONOCHROME1"));
  EXPECT_THAT(changed([](auto& f) { f.frames = "12"; }), HasSubstr("animated"));
  EXPECT_THAT(changed([](auto& f) { f.planar = 2; }), HasSubstr("damaged"));
  EXPECT_THAT(changed([](auto& f) { f.height += 1; }), HasSubstr("5550 bytes of pixels, 5700 are due"));
  EXPECT_THAT(changed([](auto& f) { f.width = 0; }), HasSubstr("no pixels"));
  EXPECT_THAT(changed([](auto& f) { f.width = f.height = 60'000; }), HasSubstr("60000 x 60000 pixels are more"));
  EXPECT_THAT(changed([](auto& f) { f.syntax = "1.2.840.10008.1.2.4.50"; }), HasSubstr("not coded as its header says"));
  DicomFile other = dicom_of(picture, jpeg(picture));
  other.width -= 2;
  EXPECT_THAT(refusal(other), HasSubstr("48 x 37 pixels, the JPEG in it 50 x 37"));
}

TEST(Dicom, SequencesArePassedOverHoweverDeep) {
  DicomFile file = dicom_of(picture);
  // A sequence whose item holds rows of its own, of which nothing may be taken.
  const std::string inner = element(0x00280010, "US", little_endian(1, 2));
  file.before = open_sequence(0x00081140) + open_item + inner + end_of_item + end_of_sequence +
                element(0x00081150, "SQ", tag_of(0xFFFEE000) + little_endian(inner.size(), 4) + inner);
  EXPECT_EQ(decode(bytes(file.bytes())), picture);
  // What is of unknown type and length is coded implicitly (PS3.5, 6.2.2), and behind it all is explicit again.
  const std::string unknown = tag_of(0x00280010) + little_endian(2, 4) + little_endian(1, 2);
  file.before = open_sequence(0x00081140) + open_item + open_sequence(0x00091010, "UN") + open_item + unknown +
                end_of_item + end_of_sequence + inner + end_of_item + end_of_sequence;
  EXPECT_EQ(decode(bytes(file.bytes())), picture);
  std::string deep;
  for (int i = 0; i < 1'000'000; ++i) deep += open_sequence(0x00081140) + open_item;
  file.before = deep;
  EXPECT_THAT(refusal(file), HasSubstr("the DICOM file"));
}

TEST(Dicom, CutAnywhereItIsRefused) {
  for (const std::string& file : {dicom_of(picture).bytes(), dicom_of(picture, jpeg(picture)).bytes()}) {
    for (std::size_t size = 0; size < file.size(); size += size < 600 ? 1 : 7)
      EXPECT_NE(refusal(file.substr(0, size)), "") << "cut to " << size << " of " << file.size();
    for (const std::size_t size : {140UL, 200UL, file.size() * 2 / 3})
      EXPECT_THAT(refusal(file.substr(0, size)), AllOf(HasSubstr("ends early"), Not(HasSubstr("JPEG")))) << size;
  }
}

TEST(Dicom, RunLengthsThatLieAreRefused) {
  DicomFile file = dicom_of(picture);
  file.syntax = "1.2.840.10008.1.2.5";
  file.encapsulated = true;
  const std::string good = run_lengths(picture);
  const auto with = [&](std::size_t at, const std::string& what) {
    file.pixels = good;
    file.pixels.replace(16 + at, what.size(), what);  // behind the heads of two items
    return refusal(file);
  };
  EXPECT_THAT(with(0, little_endian(1, 4)), HasSubstr("as many planes"));
  EXPECT_THAT(with(4, little_endian(8, 4)), HasSubstr("places of its planes"));
  EXPECT_THAT(with(8, little_endian(0xFFFFFFFF, 4)), HasSubstr("places of its planes"));
  EXPECT_THAT(with(12, little_endian(60'000, 4)), HasSubstr("places of its planes"));  // found by dicom_fuzz
  EXPECT_THAT(with(8, little_endian(70, 4)), HasSubstr("ends early"));
}

TEST(Dicom, IsInspectedAsAnyPicture) {
  const Image large = drawn_skin(80, 70);
  const std::string file = dicom_of(large).bytes();
  EXPECT_TRUE(inspect(bytes(file), "mole.dcm").findings.empty());
  EXPECT_EQ(inspect(bytes(file), "mole.jpg").findings.at(0).evidence, "named .jpg, but a DICOM file");
  EXPECT_TRUE(has_picture_extension("MOLE.DCM"));
}

}  // namespace
}  // namespace naevus::image
