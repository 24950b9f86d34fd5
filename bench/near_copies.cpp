// Finds copies among picture files, or among many simulated pictures, and says how long it took: the driver of
// bench/copies. usage: near_copies FILES.txt [OTHERS.txt] [--all] | near_copies --simulate COUNT
// FILES.txt holds one path a line. Standard output: CSV, one line a pair; standard error: times and memory.
// --all prints the pairs that the last comparison refuses, too, to look at.

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/base/random.hpp"
#include "naevus/copies/find_copies.hpp"
#include "naevus/image/decode.hpp"

namespace {

using namespace naevus;

/// Seconds on the clock and of the processor since it was made.
class Timer {
 public:
  std::string text() const {
    std::array<char, 80> line{};
    std::snprintf(line.data(), line.size(), "%.2f s (%.2f s of processor time)", wall() - wall_, cpu() - cpu_);
    return line.data();
  }

 private:
  static double wall() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }
  static double cpu() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
  double wall_ = wall(), cpu_ = cpu();
};

double peak_mebibytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

struct Set {
  std::vector<std::filesystem::path> files;
  std::vector<copies::Signature> signatures;
};

Set read_set(const char* list, WorkerPool& pool) {
  Set set;
  const auto content = read_file(list);
  const std::string text(reinterpret_cast<const char*>(content.data()), content.size());
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) set.files.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  set.signatures.resize(set.files.size());
  const Timer timer;
  pool.for_each(set.files.size(), [&](std::size_t i) {
    try {
      set.signatures[i] = copies::signature(image::load(set.files[i]));
    } catch (const Error&) {  // a signature of nothing: it matches nothing
    }
  });
  std::fprintf(stderr, "%zu files decoded and signed in %s\n", set.files.size(), timer.text().c_str());
  return set;
}

/// How long one signature takes, the best of some.
void time_signature(int width, int height) {
  image::Image picture(width, height);
  Random random(1);
  for (auto& level : picture.pixels) level = static_cast<std::uint8_t>(random.below(256));
  double best = 1;
  for (int i = 0; i < 50; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    if (copies::signature(picture).width != width) throw Error("the signature is of another picture");
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  std::fprintf(stderr, "signature of %d x %d pixels: %.3f ms\n", width, height, 1000 * best);
}

/// A dark spot on ground with texture at three scales; every hundredth picture is the one fifty before it, altered.
constexpr int side = 96;  // smaller ones are not searched for near copies
constexpr std::size_t every = 100, back = 50;

image::Image simulated_original(std::size_t index) {
  Random random(7, {index});
  std::vector<float> level(std::size_t{side} * side);
  for (const int cells : {4, 8, 16}) {
    const auto grid_side = static_cast<std::size_t>(cells) + 1;
    std::vector<float> grid(grid_side * grid_side);
    for (float& value : grid) value = static_cast<float>(random.next() >> 40) * 0x1p-24F * 40 - 20;
    for (std::size_t y = 0; y < side; ++y) {
      for (std::size_t x = 0; x < side; ++x) {
        const auto step = static_cast<std::size_t>(side / cells);
        const float u = static_cast<float>(x % step) / static_cast<float>(step);
        const float v = static_cast<float>(y % step) / static_cast<float>(step);
        const float* at = grid.data() + y / step * grid_side + x / step;
        level[y * side + x] +=
            (1 - v) * ((1 - u) * at[0] + u * at[1]) + v * ((1 - u) * at[grid_side] + u * at[grid_side + 1]);
      }
    }
  }
  const double radius = random.uniform(0.15, 0.3), dark = random.uniform(20, 100);
  image::Image picture(side, side);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const bool spot = std::hypot((x + 0.5) / side - 0.5, (y + 0.5) / side - 0.5) < radius;
      const double value = 180 - (spot ? dark : 0) + level[static_cast<std::size_t>(y * side + x)];
      std::fill_n(picture.at(x, y), 3, static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0)));
    }
  }
  return picture;
}

image::Image simulated(std::size_t index) {
  if (index % every != every - 1) return simulated_original(index);
  image::Image picture = simulated_original(index - back);
  for (auto& level : picture.pixels) level = static_cast<std::uint8_t>(level * 0.87);
  image::Image cropped(side - 3, side - 3);
  for (int y = 0; y < cropped.height; ++y)
    std::copy_n(picture.at(3, y), 3 * static_cast<std::size_t>(cropped.width), cropped.at(0, y));
  return copies::turned(cropped, static_cast<copies::Symmetry>(index / every % copies::symmetries));
}

void simulate(std::size_t count, WorkerPool& pool) {
  std::vector<copies::Signature> signatures(count);
  pool.for_each(count, [&](std::size_t i) { signatures[i] = copies::signature(simulated(i)); });
  const double before = peak_mebibytes();
  const Timer timer;
  const auto pairs = copies::find_copies(signatures, {}, simulated, pool);
  std::size_t right = 0;
  for (const copies::Pair& pair : pairs) right += pair.b % every == every - 1 && pair.b - pair.a == back ? 1 : 0;
  std::fprintf(stderr, "%zu simulated pictures: %zu of %zu copies found, %zu other pairs, in %s\n", count, right,
               count / every, pairs.size() - right, timer.text().c_str());
  std::fprintf(
      stderr,
      "memory: %.0f MiB of signatures, %.0f MiB before the search, %.0f MiB at its peak: %.0f bytes a picture\n",
      static_cast<double>(count * sizeof(copies::Signature)) / (1 << 20), before, peak_mebibytes(),
      peak_mebibytes() * (1 << 20) / static_cast<double>(count));
  // A search that passes over all pictures is quick.
  if (count >= every && right == 0) throw Error("none of the copies was found: these times say nothing");
}

void find(const std::vector<const char*>& lists, const copies::FindOptions& options, WorkerPool& pool) {
  const bool two = lists.size() == 2;
  const Set set = read_set(lists[0], pool), others = two ? read_set(lists[1], pool) : Set{};
  const auto load = [&](std::size_t i) { return image::load(set.files[i]); };
  const auto load_other = [&](std::size_t i) { return image::load(others.files[i]); };
  const Timer timer;
  const auto pairs = two ? find_copies(set.signatures, others.signatures, options, load, load_other, pool)
                         : find_copies(set.signatures, options, load, pool);
  std::fprintf(stderr, "%zu pairs found in %s\n", pairs.size(), timer.text().c_str());
  std::printf("a,b,kind,symmetry,x,y,width,height,correlation,fine\n");
  for (const copies::Pair& p : pairs) {
    std::printf("\"%s\",\"%s\",%s,%d,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f\n", set.files[p.a].c_str(),
                (two ? others : set).files[p.b].c_str(), p.kind == copies::Kind::exact ? "exact" : "altered",
                p.symmetry, p.frame.x, p.frame.y, p.frame.width, p.frame.height, p.correlation, p.fine_correlation);
  }
}

}  // namespace

int main(int argc, char** argv) try {
  WorkerPool pool;
  std::vector<const char*> lists;
  copies::FindOptions options;
  bool simulates = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--all") == 0) {
      options.least_fine_correlation = -1;
    } else if (std::strcmp(argv[i], "--simulate") == 0) {
      simulates = true;
    } else {
      lists.push_back(argv[i]);
    }
  }
  if (lists.empty() || lists.size() > 2) throw UsageError("usage: near_copies FILES.txt [OTHERS.txt] [--all]");
  if (simulates) {
    time_signature(224, 224);
    time_signature(600, 450);
    simulate(std::stoull(lists[0]), pool);
  } else {
    find(lists, options, pool);
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
