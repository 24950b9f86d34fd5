#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "naevus/base/file.hpp"
#include "naevus/image/encode.hpp"

namespace naevus::dataset {

/// A small picture that no other number gives.
inline image::Image small_picture(int number, int width = 16, int height = 12) {
  image::Image picture(width, height);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i)
    picture.pixels[i] = static_cast<std::uint8_t>(
        (static_cast<std::size_t>(number) * 37 + i * (7 + static_cast<std::size_t>(number) % 5)) % 256);
  picture.pixels[0] = static_cast<std::uint8_t>(number % 256);
  picture.pixels[1] = static_cast<std::uint8_t>(number / 256 % 256);
  return picture;
}

/// A folder of its own for each test.
class TestFolder : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    root = std::filesystem::path(testing::TempDir()) / (std::string(test->test_suite_name()) + "." + test->name());
    std::filesystem::remove_all(root);
    std::filesystem::create_directories(root);
  }
  void TearDown() override { std::filesystem::remove_all(root); }

  std::filesystem::path text(const std::string& name, std::string_view content) {
    write_file(root / name, content);
    return root / name;
  }
  /// A picture of its own by every call.
  std::filesystem::path picture(const std::string& name) {
    const image::Image picture = small_picture(++made_);
    write_file(root / name, name.ends_with(".png") ? image::encode_png(picture) : image::encode_jpeg(picture));
    return root / name;
  }

  std::filesystem::path root;

 private:
  int made_ = 0;
};

}  // namespace naevus::dataset
