#include "naevus/dataset/image_cache.hpp"

#include <gmock/gmock.h>

#include "naevus/base/error.hpp"
#include "naevus/image/decode.hpp"
#include "test_folder.hpp"

namespace naevus::dataset {
namespace {

class Cache : public TestFolder {
 protected:
  std::vector<std::filesystem::path> pictures(int count, int width, int height) {
    std::vector<std::filesystem::path> paths;
    for (int i = 0; i < count; ++i) {
      paths.push_back(root / (std::to_string(i) + ".png"));
      write_file(paths.back(), image::encode_png(small_picture(i, width, height)));
    }
    return paths;
  }
  WorkerPool pool{2};
};

TEST_F(Cache, GivesExactlyWhatPrepareGives) {
  const auto paths = pictures(5, 60, 44);
  const image::Preparation preparation{.width = 16, .height = 16};
  const ImageCache cache(paths, {.preparation = preparation}, pool);
  for (std::size_t i = 0; i < paths.size(); ++i)
    EXPECT_EQ(*cache.get(i), image::prepare(image::load(paths[i]), preparation));
}

TEST_F(Cache, AnswersTheSameWhateverItsBudget) {
  using Keep = CacheOptions::Keep;
  const auto paths = pictures(6, 60, 44);
  for (const Keep keep : {Keep::prepared, Keep::for_augmentation}) {
    const image::Preparation preparation{.width = 16, .height = 16};
    const ImageCache all({paths}, {.keep = keep, .preparation = preparation}, pool);
    const ImageCache some({paths}, {.keep = keep, .preparation = preparation, .budget = 4000}, pool);
    const ImageCache none({paths}, {.keep = keep, .preparation = preparation, .budget = 0}, pool);
    EXPECT_GT(some.kept_bytes(), 0U);
    EXPECT_LE(some.kept_bytes(), 4000U);
    EXPECT_EQ(none.kept_bytes(), 0U);
    for (std::size_t i = 0; i < paths.size(); ++i) {
      EXPECT_EQ(*all.get(i), *some.get(i));
      EXPECT_EQ(*all.get(i), *none.get(i));
    }
  }
}

TEST_F(Cache, ShrinksLargePicturesForAugmentationAndLeavesSmallOnes) {
  const auto large = pictures(1, 200, 100);
  const CacheOptions options{.keep = CacheOptions::Keep::for_augmentation, .preparation = {.width = 40, .height = 40}};
  const auto shrunk = ImageCache(large, options, pool).get(0);
  EXPECT_EQ(shrunk->width, 104);
  EXPECT_EQ(shrunk->height, 52);
  const auto small = pictures(1, 50, 45);
  EXPECT_EQ(*ImageCache(small, options, pool).get(0), image::load(small[0]));
}

TEST_F(Cache, CleansBeforeItShrinksForAugmentation) {
  const auto paths = pictures(1, 200, 100);
  const image::Preparation preparation{
      .width = 40, .height = 40, .denoise = image::Denoise::median, .resize = image::Filter::area};
  const CacheOptions options{.keep = CacheOptions::Keep::for_augmentation, .preparation = preparation};
  const auto cleaned = image::clean(image::load(paths[0]), preparation);
  EXPECT_EQ(cleaned.width, 100);
  EXPECT_EQ(*ImageCache(paths, options, pool).get(0), image::resize(cleaned, 52, 52, image::Filter::area));
}

TEST_F(Cache, NamesBrokenPicturesAndGoesOn) {
  auto paths = pictures(3, 20, 20);
  paths.insert(paths.begin() + 1, text("no picture.jpg", "hello"));
  paths.push_back(root / "missing.jpg");
  const ImageCache cache(paths, {.preparation = {.width = 8, .height = 8}}, pool);
  ASSERT_EQ(cache.broken().size(), 2U);
  EXPECT_EQ(cache.broken()[0].index, 1U);
  EXPECT_THAT(cache.broken()[0].problem, testing::HasSubstr("no picture.jpg"));
  EXPECT_EQ(cache.broken()[1].index, 4U);
  EXPECT_THROW(cache.get(1), InputError);
  EXPECT_EQ(cache.get(2)->width, 8);
}

TEST_F(Cache, StopsWhenAsked) {
  StopToken stop;
  stop.request();
  EXPECT_THROW(ImageCache(pictures(2, 20, 20), {}, pool, stop), Cancelled);
}

}  // namespace
}  // namespace naevus::dataset
