#include "blob_cache.hpp"

#include <gmock/gmock.h>

#include "fixture.hpp"
#include "naevus/infer/classifier.hpp"

namespace naevus::infer {
namespace {
namespace fs = std::filesystem;

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  return files;
}

TEST_F(Infer, ACachedModelGivesTheSameBits) {
  const auto model = write_model("efficientnet-lite0", 96);
  const ClassifierOptions options{.threads = 2, .cache = folder() / "cache"};
  const auto image = picture(1, 96, 96);
  const Answer first = Classifier(model, options).classify({&image, 1}).at(0);
  ASSERT_EQ(files_in(folder() / "cache").size(), 1U);
  for (const int threads : {1, 2, 3}) {
    const Answer again =
        Classifier(model, {.threads = threads, .cache = folder() / "cache"}).classify({&image, 1}).at(0);
    EXPECT_EQ(again.logits, first.logits);
    EXPECT_EQ(again.embedding, first.embedding);
  }
  EXPECT_EQ(files_in(folder() / "cache").size(), 1U);
}

TEST_F(Infer, ADamagedCacheFileIsReplaced) {
  const auto model = write_model();
  const ClassifierOptions options{.threads = 1, .cache = folder() / "cache"};
  const auto image = picture(1);
  const Answer first = Classifier(model, options).classify({&image, 1}).at(0);
  const fs::path file = files_in(folder() / "cache").at(0);
  const auto whole = read_file(file);
  auto changed = whole;
  changed[changed.size() / 2] ^= std::byte{1};
  for (const auto& damaged : {std::vector<std::byte>{}, std::vector(whole.begin(), whole.begin() + 100), changed}) {
    write_file(file, damaged);
    EXPECT_EQ(Classifier(model, options).classify({&image, 1}).at(0).logits, first.logits);
    EXPECT_TRUE(BlobCache(folder() / "cache").load(file.stem().string()));
  }
}

TEST_F(Infer, ACacheThatCannotBeWrittenDoesNoHarm) {
  const auto model = write_model();
  const auto image = picture(1);
  write_file(folder() / "file", "in the way");
  for (const fs::path& cache : {folder() / "file", folder() / "file" / "below", fs::path("/proc/naevus")}) {
    const Classifier classifier(model, {.threads = 1, .cache = cache});
    EXPECT_EQ(classifier.classify({&image, 1}).size(), 1U);
  }
}

TEST_F(Infer, ABlobComesBackAsItWasStored) {
  const BlobCache cache(folder() / "cache");
  EXPECT_FALSE(cache.load("key"));
  cache.store("key", as_bytes("a compiled model"));
  const auto blob = cache.load("key");
  ASSERT_TRUE(blob);
  EXPECT_TRUE(std::ranges::equal(*blob, as_bytes("a compiled model")));
  EXPECT_FALSE(cache.load("another key"));
}

}  // namespace
}  // namespace naevus::infer
