// The naevus side of compare.py: clustered bootstrap of balanced accuracy and macro AUC. usage: bootstrap FILE
// RESAMPLES THREADS. FILE is binary, little-endian: the number of cases and of classes (uint64); truths (int32),
// clusters (uint32), probabilities (double, row-major). Prints the seconds that it took from plain arrays to intervals,
// and then both intervals.

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/metrics/bootstrap.hpp"
#include "naevus/metrics/confusion.hpp"
#include "naevus/metrics/ranked_scores.hpp"
#include "naevus/metrics/roc.hpp"

namespace {

using namespace naevus;

template <typename T>
std::vector<T> take(const std::string& bytes, std::size_t& place, std::size_t count) {
  std::vector<T> values(count);
  if (place + count * sizeof(T) > bytes.size()) throw InputError("the file ends early");
  std::memcpy(values.data(), bytes.data() + place, count * sizeof(T));
  place += count * sizeof(T);
  return values;
}

std::vector<std::optional<metrics::Interval>> intervals(const std::vector<double>& probabilities,
                                                        const std::vector<int>& truth, std::size_t classes,
                                                        const std::vector<std::uint32_t>& cluster,
                                                        const metrics::BootstrapOptions& options) {
  const metrics::SortedCalls calls(truth, metrics::most_likely(probabilities, classes), classes);
  std::vector<metrics::RankedScores> ranked;
  for (std::size_t c = 0; c < classes; ++c)
    ranked.emplace_back(metrics::column(probabilities, classes, c), metrics::is_class(truth, static_cast<int>(c)));
  return metrics::bootstrap(
      truth.size(), cluster, 2,
      [&](std::span<const std::uint32_t> weight, std::span<std::optional<double>> value) {
        value[0] = metrics::balanced_accuracy(calls.matrix(weight));
        std::vector<std::optional<double>> areas;
        for (const metrics::RankedScores& scores : ranked) areas.push_back(scores.auc(weight));
        value[1] = metrics::mean_of_present(areas);
      },
      options);
}

void run(const std::string& file, int resamples, int threads) {
  const std::string bytes = read_text(file);
  std::size_t place = 0;
  const auto size = take<std::uint64_t>(bytes, place, 2);
  const auto truth = take<std::int32_t>(bytes, place, size[0]);
  const auto cluster = take<std::uint32_t>(bytes, place, size[0]);
  const auto probabilities = take<double>(bytes, place, size[0] * size[1]);
  const auto begin = std::chrono::steady_clock::now();
  const std::clock_t cores_begin = std::clock();
  const auto found =
      intervals(probabilities, truth, size[1], cluster, {.resamples = resamples, .seed = 1, .threads = threads});
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  const auto on_cores = static_cast<double>(std::clock() - cores_begin) / CLOCKS_PER_SEC;
  fmt::print("{} {}\n", seconds.count(), on_cores);
  for (const auto& interval : found) fmt::print("{} {}\n", interval.value().low, interval.value().high);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 4) throw UsageError("usage: bootstrap FILE RESAMPLES THREADS");
    run(argv[1], std::stoi(argv[2]), std::stoi(argv[3]));
  } catch (const std::exception& error) {
    fmt::print(stderr, "bootstrap: {}\n", error.what());
    return 1;
  }
}
