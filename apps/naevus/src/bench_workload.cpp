#include "bench_workload.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "naevus/base/file.hpp"
#include "naevus/base/random.hpp"
#include "naevus/dataset/synth.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/metrics/bootstrap.hpp"

namespace naevus::app {

Workload generated(const std::filesystem::path& folder, int width, int height) {
  constexpr int pictures = 32;
  Workload workload{fmt::format("{}×{} JPEG, generated", width, height), {}};
  for (int i = 0; i < pictures; ++i) {
    workload.files.push_back(folder / fmt::format("{}x{}-{}.jpg", width, height, i));
    const auto seed = static_cast<std::uint64_t>(i);
    const auto& label = dataset::synthetic_classes()[seed % dataset::synthetic_classes().size()];
    write_file(
        workload.files.back(),
        image::encode_jpeg(dataset::render_lesion(label, width, height, Random(seed, {0}), Random(seed, {1})), 90));
  }
  return workload;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return metrics::quantile(values, 0.5);
}

}  // namespace naevus::app
