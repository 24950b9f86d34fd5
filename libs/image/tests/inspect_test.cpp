#include "naevus/image/inspect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "drawn.hpp"
#include "golden_pictures.hpp"
#include "icc.hpp"
#include "naevus/image/encode.hpp"

namespace naevus::image {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr UsualSize any_size{.least_side = 1};

std::vector<std::string> faults(const Inspection& inspection) {
  std::vector<std::string> names;
  for (const FileFinding& finding : inspection.findings) names.emplace_back(name_of(finding.fault));
  return names;
}

std::vector<std::string> faults(const std::string& golden, const std::string& path = {}) {
  return faults(inspect(golden_picture(golden), path.empty() ? golden : path, any_size));
}

TEST(Inspect, AUsualPictureHasNoFaultAndIsDecoded) {
  const auto file = encode_jpeg(drawn_picture());
  const Inspection inspection = inspect(file, "mole.JPG");
  EXPECT_THAT(faults(inspection), IsEmpty());
  EXPECT_EQ(inspection.image, decode(file));
  for (const std::string name :
       {"ycc420.jpg", "progressive.jpg", "rgb8.png", "lossy.webp", "lzw8.tif", "rgb24.bmp", "broken_exif.jpg"})
    EXPECT_THAT(faults(name), IsEmpty()) << name;
}

TEST(Inspect, TheExtensionIsHeldAgainstTheContent) {
  EXPECT_THAT(faults("rgb8.png", "a.jpg"), ElementsAre("wrong_extension"));
  EXPECT_THAT(faults("ycc444.jpg", "a.png"), ElementsAre("wrong_extension"));
  EXPECT_THAT(faults("ycc444.jpg", "a"), ElementsAre("wrong_extension"));
  EXPECT_THAT(faults("ycc444.jpg", "a.JPEG"), IsEmpty());
  EXPECT_THAT(inspect(golden_picture("ycc444.jpg"), "a.png", any_size).findings[0].evidence,
              HasSubstr("named .png, but a JPEG"));
}

TEST(Inspect, OrientationTagsAreNamed) {
  EXPECT_THAT(faults("orientation1.jpg"), IsEmpty());
  for (const std::string name : {"orientation6.jpg", "orientation6.png", "orientation3.webp", "orientation8.tif"})
    EXPECT_THAT(faults(name), ElementsAre("orientation")) << name;
}

TEST(Inspect, OddColoursAreNamed) {
  for (const std::string name : {"grey.jpg", "cmyk.jpg", "ycck.jpg", "grey8.png", "palette8.png", "rgb16.png",
                                 "rgba8.png", "rgb8_key.png", "lossless_alpha.webp", "grey16.tif", "rgb16.tif",
                                 "rgba8.tif", "palette8.tif", "palette8.bmp", "bad_profile.png"})
    EXPECT_THAT(faults(name), ElementsAre("color_space")) << name;
  EXPECT_EQ(inspect(golden_picture("rgba16.png"), "a.png", any_size).findings[0].evidence,
            "16 bits a channel, transparency");
}

TEST(Inspect, MoreThanOnePictureIsAnimated) {
  EXPECT_THAT(faults("refused/animated.gif"), ElementsAre("animated"));
  EXPECT_THAT(faults("refused/animated.webp"), ElementsAre("animated"));
  EXPECT_THAT(faults("refused/animated.png"), ElementsAre("animated"));
}

TEST(Inspect, BrokenFilesAreToldApart) {
  for (const std::string name : {"ycc420.jpg", "rgb8.png", "lossless.webp", "raw8.tif", "rgb24.bmp"}) {
    const auto file = golden_picture(name);
    const Inspection inspection = inspect(std::span(file).first(file.size() * 2 / 3), name, any_size);
    EXPECT_THAT(faults(inspection), ElementsAre("truncated")) << name;
    EXPECT_FALSE(inspection.image) << name;
  }
  auto png = golden_picture("rgb8.png");
  png[png.size() / 2] ^= std::byte{1};
  EXPECT_THAT(faults(inspect(png, "a.png", any_size)), ElementsAre("damaged"));
  EXPECT_THAT(faults(inspect(bytes_of("a text"), "a.jpg")), ElementsAre("unreadable"));
  EXPECT_THAT(faults(inspect({}, "a.jpg")), ElementsAre("unreadable"));
}

TEST(Inspect, ExtremeSizesAndAspectsAreNamed) {
  EXPECT_THAT(faults(inspect(encode_png(drawn_skin(63, 64)), "a.png")), ElementsAre("extreme_size"));
  EXPECT_THAT(faults(inspect(encode_png(drawn_skin(64, 64)), "a.png")), IsEmpty());
  EXPECT_THAT(faults(inspect(encode_png(drawn_skin(100, 251)), "a.png")), ElementsAre("extreme_aspect"));
  EXPECT_THAT(faults(inspect(encode_png(drawn_skin(100, 250)), "a.png")), IsEmpty());
  EXPECT_THAT(faults(inspect(encode_png(drawn_skin(80, 90)), "a.png", {.most_side = 85})), ElementsAre("extreme_size"));
}

/// A profile with primaries in XYZ (D50) and a name.
std::vector<std::byte> profile(const double (&primaries)[3][3], const std::string& name) {
  const auto number = [](std::uint32_t v) { return std::string{char(v >> 24), char(v >> 16), char(v >> 8), char(v)}; };
  std::string tags, data;
  const std::uint32_t begin = 128 + 4 + 4 * 12;
  for (std::size_t c = 0; c < 3; ++c) {
    tags += std::string(1, "rgb"[c]) + "XYZ" + number(begin + static_cast<std::uint32_t>(data.size())) + number(20);
    data += "XYZ " + number(0);
    for (const double v : primaries[c]) data += number(static_cast<std::uint32_t>(std::lround(v * 65536)));
  }
  tags += "desc" + number(begin + static_cast<std::uint32_t>(data.size())) +
          number(static_cast<std::uint32_t>(12 + name.size()));
  data += "desc" + number(0) + number(static_cast<std::uint32_t>(name.size())) + name;
  return bytes_of(std::string(36, '\0') + "acsp" + std::string(88, '\0') + number(4) + tags + data);
}

// Primaries adapted to D50: IEC 61966-2-1 (sRGB) and Adobe RGB (1998), annex C.
constexpr double srgb[3][3] = {{0.43607, 0.22249, 0.01392}, {0.38515, 0.71687, 0.09708}, {0.14307, 0.06061, 0.71410}};
constexpr double adobe[3][3] = {{0.60974, 0.31111, 0.01947}, {0.20528, 0.62567, 0.06087}, {0.14919, 0.06322, 0.74457}};

TEST(Profile, SrgbIsKnownByItsPrimariesWhateverItsName) {
  EXPECT_EQ(foreign_profile(profile(srgb, "c2")), "");
  EXPECT_EQ(foreign_profile(profile(adobe, "Adobe RGB (1998)")), "Adobe RGB (1998)");
  EXPECT_EQ(foreign_profile({}), "");
  EXPECT_EQ(foreign_profile(bytes_of("no profile")), "unreadable");
}

TEST(Profile, OneCutAnywhereDoesNoHarm) {
  const auto whole = profile(adobe, "Adobe RGB (1998)");
  for (std::size_t size = 1; size < whole.size(); ++size)
    EXPECT_NE(foreign_profile(std::span(whole).first(size)), "") << size;
}

TEST(Inspect, AForeignProfileInAJpegIsNamed) {
  for (const bool foreign : {false, true}) {
    const auto icc = foreign ? profile(adobe, "Adobe RGB (1998)") : profile(srgb, "sRGB");
    auto file = encode_jpeg(drawn_picture());
    std::string marker = "\xFF\xE2";
    const std::size_t length = 2 + 14 + icc.size();
    marker += {char(length >> 8), char(length)};
    marker += std::string("ICC_PROFILE\0\1\1", 14);
    auto bytes = bytes_of(marker);
    bytes.insert(bytes.end(), icc.begin(), icc.end());
    file.insert(file.begin() + 2, bytes.begin(), bytes.end());
    const Inspection inspection = inspect(file, "a.jpg");
    if (!foreign) {
      EXPECT_THAT(inspection.findings, IsEmpty());
      continue;
    }
    ASSERT_THAT(faults(inspection), ElementsAre("color_space"));
    EXPECT_THAT(inspection.findings[0].evidence, HasSubstr("Adobe RGB (1998)"));
  }
}

}  // namespace
}  // namespace naevus::image
