// What a search of the gallery costs. usage: gallery_search [PICTURES]...  Prints, for each number of pictures, how
// long the five nearest of 1,280-wide random embeddings take, median of 50 searches.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "naevus/base/random.hpp"
#include "naevus/gallery/gallery.hpp"

int main(int argc, char** argv) {
  using Clock = std::chrono::steady_clock;
  constexpr std::size_t width = 1280;
  naevus::Random random(1);
  std::vector<std::size_t> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::stoul(argv[i]));
  if (sizes.empty()) sizes = {4'000, 100'000};
  for (const std::size_t size : sizes) {
    naevus::gallery::Contents contents{.width = width};
    contents.cases.resize(size);
    contents.thumbnails.resize(size);
    for (std::size_t i = 0; i < size * width; ++i) contents.embedding.push_back(static_cast<float>(random.normal()));
    naevus::gallery::normalise(contents.embedding, width);
    const naevus::gallery::Gallery gallery(std::move(contents));
    std::vector<double> seconds;
    for (int i = 0; i < 50; ++i) {
      std::vector<float> query(width);
      for (float& value : query) value = static_cast<float>(random.normal());
      const auto begin = Clock::now();
      if (gallery.nearest(query, 5).size() != 5) return 1;
      seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
    }
    std::nth_element(seconds.begin(), seconds.begin() + 25, seconds.end());
    fmt::print("{:>9} pictures: {:.2f} ms\n", size, 1000 * seconds[25]);
  }
}
