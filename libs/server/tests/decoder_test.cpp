#include "naevus/server/decoder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "naevus/base/file.hpp"
#include "naevus/base/random.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/image/shrink.hpp"

namespace naevus::server {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;

image::Image drawn(int width, int height) {
  image::Image picture(width, height);
  Random random(7);
  for (auto& value : picture.pixels) value = static_cast<std::uint8_t>(random.below(256));
  return picture;
}

DecoderOptions options() {
  return {.command = {NAEVUS_DECODER_CHILD}, .deadline = 60s};
}

/// Processes that this one has started, from the kernel's list.
std::vector<pid_t> children() {
  std::vector<pid_t> result;
  for (const auto& task : fs::directory_iterator("/proc/self/task")) {
    std::ifstream file(task.path() / "children");
    for (pid_t one = 0; file >> one;) result.push_back(one);
  }
  return result;
}

std::string refusal_of(DecoderPool& pool, std::span<const std::byte> file) {
  try {
    pool.decode(file, {});
  } catch (const InputError& error) {
    return error.problem();
  }
  return "";
}

TEST(Decoder, StartsChildrenWhateverNumbersItsDescriptorsHave) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = limit.rlim_max;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  const auto file = image::encode_png(drawn(20, 20));
  std::vector<int> taken;
  for (int last = 0; last < 1002; taken.push_back(last)) {  // around the numbers of a server with many connections
    last = dup(STDIN_FILENO);
    ASSERT_GE(last, 0) << "this test opens a thousand descriptors: ulimit -n";
    if (last > 20 && last < 996) continue;
    DecoderPool pool(options());
    EXPECT_EQ(pool.decode(file, {.width = 8, .height = 8}).prepared.width, 8) << last;
  }
  for (const int descriptor : taken) close(descriptor);
}

TEST(Decoder, ChildrenAreToldNoSecret) {
  const TemporaryFolder folder;
  ASSERT_EQ(setenv("PGPASSWORD", "a secret", 1), 0);
  DecoderOptions told = options();
  const std::string seen = folder / "environment";
  told.command = {"/bin/sh", "-c", fmt::format("/usr/bin/env > '{}'; exec '{}'", seen, NAEVUS_DECODER_CHILD)};
  const DecoderPool pool(told);
  unsetenv("PGPASSWORD");
  ASSERT_TRUE(fs::exists(seen));
  std::ifstream file(seen);
  const std::string environment{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(environment, testing::Not(HasSubstr("PG")));
}

TEST(Decoder, AnswersAsDecodingInProcessDoes) {
  DecoderPool pool(options());
  const image::Preparation all{.width = 96,
                               .height = 64,
                               .vignette = image::Vignette::crop,
                               .hair_removal = image::HairRemoval::dullrazor,
                               .denoise = image::Denoise::non_local_means,
                               .contrast = image::Contrast::clahe};
  for (const auto& entry : fs::directory_iterator(fs::path(NAEVUS_SOURCE_DIR) / "tests/golden/images")) {
    if (!image::has_picture_extension(entry.path())) continue;
    const auto file = read_file(entry.path());
    std::string refused;
    image::Image expected;
    try {
      expected = image::decode(file);
    } catch (const InputError& error) {
      refused = error.problem();
    }
    if (!refused.empty()) {
      EXPECT_EQ(refusal_of(pool, file), refused) << entry.path();
      continue;
    }
    for (const auto& preparation : {image::Preparation{}, all}) {
      const DecodedPicture picture = pool.decode(file, preparation);
      EXPECT_EQ(picture.prepared, image::prepare(expected, preparation)) << entry.path();
      EXPECT_EQ(picture.quality, image::measure_quality(expected)) << entry.path();
      EXPECT_EQ(picture.format, image::read_header(file).format) << entry.path();
    }
  }
  EXPECT_EQ(pool.restarts(), 0U);
}

TEST(Decoder, ShrinksUprightAsInProcess) {
  DecoderPool pool(options());
  int shown = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(NAEVUS_SOURCE_DIR) / "tests/golden/images")) {
    if (!image::has_picture_extension(entry.path())) continue;
    const auto file = read_file(entry.path());
    try {
      const image::Image expected = image::decode(file);
      for (const int side : {16, 2048})
        EXPECT_EQ(pool.shrunk(file, side), image::shrunk(expected, side)) << entry.path();
      ++shown;
    } catch (const InputError& error) {
      EXPECT_EQ(refusal_of(pool, file), error.problem()) << entry.path();
    }
  }
  EXPECT_GT(shown, 10);
  const auto file = image::encode_png(drawn(3000, 2000));
  EXPECT_EQ(pool.shrunk(file, 2048), image::shrunk(drawn(3000, 2000), 2048));
  EXPECT_EQ(pool.decode(file, {}).prepared.width, 224);
  for (const int side : {0, -1, 2049}) EXPECT_THROW(pool.shrunk(file, side), UsageError);
  EXPECT_EQ(pool.restarts(), 0U);
}

TEST(Decoder, RefusesAsDecodingInProcessDoes) {
  DecoderPool pool(options());
  const std::string nothing, words = "no picture at all";
  EXPECT_NE(refusal_of(pool, as_bytes(nothing)), "");
  EXPECT_NE(refusal_of(pool, as_bytes(words)), "");
  auto cut = image::encode_png(drawn(64, 64));
  cut.resize(cut.size() / 2);
  EXPECT_NE(refusal_of(pool, cut), "");
  EXPECT_EQ(pool.restarts(), 0U);
}

TEST(Decoder, HoldsToTheLimits) {
  DecoderOptions small = options();
  small.limits = {.max_bytes = 100'000, .max_side = 200};
  DecoderPool pool(small);
  EXPECT_EQ(pool.decode(image::encode_png(drawn(150, 150)), {}).prepared.width, 224);
  EXPECT_THAT(refusal_of(pool, image::encode_png(drawn(201, 20))), HasSubstr("201"));
  EXPECT_THAT(refusal_of(pool, std::vector<std::byte>(100'001)), HasSubstr("100001 bytes"));
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(Decoder, RunsOutOfItsMemoryAlone) {
  DecoderOptions small = options();
  small.memory = std::uint64_t{48} << 20;  // the shared memory was mapped before
  DecoderPool pool(small);
  const auto file = image::encode_jpeg(image::Image(8000, 8000), 50);
  EXPECT_THAT(refusal_of(pool, file), HasSubstr("not enough memory"));
  EXPECT_EQ(pool.decode(image::encode_png(drawn(50, 50)), {}).prepared.width, 224);
}
#endif

TEST(Decoder, IsKilledAtTheDeadlineAndReplaced) {
  DecoderOptions hasty = options();
  hasty.deadline = 1ms;
  DecoderPool pool(hasty);
  const auto slow = image::encode_jpeg(image::Image(6000, 6000), 50);
  for (int k = 0; k < 2; ++k) {
    try {
      pool.decode(slow, {});
      FAIL() << "36 megapixels in a millisecond";
    } catch (const DecoderLost& error) {
      EXPECT_EQ(error.why(), DecoderLost::Why::deadline);
      EXPECT_THAT(error.problem(), HasSubstr("1 ms"));
    }
  }
  EXPECT_EQ(pool.restarts(), 1U);
  EXPECT_TRUE(children().empty());
}

TEST(Decoder, ThatIsKilledIsReplaced) {
  DecoderPool pool(options());
  const auto file = image::encode_png(drawn(50, 50));
  pool.decode(file, {});
  const auto before = children();
  ASSERT_EQ(before.size(), 1U);
  kill(before.front(), SIGKILL);
  EXPECT_THROW(pool.decode(file, {}), DecoderLost);
  EXPECT_EQ(pool.decode(file, {}).prepared.width, 224);
  EXPECT_NE(children(), before);
}

TEST(Decoder, MayDoNothingElse) {
  DecoderPool pool(options());
  const auto child = children();
  ASSERT_EQ(child.size(), 1U);
  std::ifstream status(fmt::format("/proc/{}/status", child.front()));
  const std::string all(std::istreambuf_iterator<char>(status), {});
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_THAT(all, HasSubstr("Seccomp:\t2"));
  EXPECT_THAT(all, HasSubstr("NoNewPrivs:\t1"));
#endif
  EXPECT_THAT(all, HasSubstr("Threads:\t1"));
  EXPECT_EQ(std::distance(fs::directory_iterator(fmt::format("/proc/{}/fd", child.front())), {}), 5);
}

TEST(Decoder, ServesManyAtOnce) {
  DecoderOptions two = options();
  two.children = 2;
  DecoderPool pool(two);
  const auto file = image::encode_png(drawn(80, 60));
  const image::Image expected = image::prepare(image::decode(file), {});
  std::vector<std::jthread> threads;
  for (int t = 0; t < 6; ++t)
    threads.emplace_back([&] {
      for (int k = 0; k < 20; ++k) EXPECT_EQ(pool.decode(file, {}).prepared, expected);
    });
}

TEST(Decoder, ThatCantBeStartedIsAnError) {
  EXPECT_THROW(DecoderPool({.command = {"/nowhere"}}), IoError);
  EXPECT_THROW(DecoderPool({.command = {"/bin/true"}}), IoError);
}

}  // namespace
}  // namespace naevus::server
