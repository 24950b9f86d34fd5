#include "naevus/image/mix.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "naevus/base/error.hpp"

namespace naevus::image {
namespace {

/// Logarithm of a number from Gamma(shape, 1): Marsaglia & Tsang 2000, their way to shapes below 1 included.
/// Logarithms, because for small shapes the numbers themselves are too small for a double.
double log_gamma_variate(double shape, Random& random) {
  const double boost = std::log(1 - random.uniform()) / shape;
  const double d = shape + 2.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = random.normal(), v = std::pow(1 + c * x, 3);
    if (v > 0 && std::log(1 - random.uniform()) < x * x / 2 + d - d * v + d * std::log(v))
      return std::log(d) + std::log(v) + boost;
  }
}

/// From Beta(alpha, alpha).
double beta_variate(double alpha, Random& random) {
  const double a = log_gamma_variate(alpha, random), b = log_gamma_variate(alpha, random);
  return 1 / (1 + std::exp(b - a));
}

void place_box(Mix& mix, int width, int height, Random& random) {
  const double side = std::sqrt(1 - mix.share);
  const double x = random.uniform() * width, y = random.uniform() * height;
  const auto edge = [](double at, int size) { return static_cast<int>(std::clamp(std::round(at), 0.0, 1.0 * size)); };
  mix.left = edge(x - side * width / 2, width), mix.width = edge(x + side * width / 2, width) - mix.left;
  mix.top = edge(y - side * height / 2, height), mix.height = edge(y + side * height / 2, height) - mix.top;
  mix.share = 1 - static_cast<double>(mix.width) * mix.height / (static_cast<double>(width) * height);
}

/// Pictures are replaced while others still need them: each chain of partners is walked with its first kept aside.
template <typename Blend>
void for_each_pair(const Mix& mix, std::span<std::uint8_t> pixels, std::size_t size, const Blend& blend) {
  std::vector<bool> done(mix.partner.size());
  std::vector<std::uint8_t> first(size);
  for (std::size_t start = 0; start < done.size(); ++start) {
    if (done[start]) continue;
    std::ranges::copy(pixels.subspan(start * size, size), first.begin());
    for (std::size_t i = start; !done[i]; i = mix.partner[i]) {
      done[i] = true;
      const std::size_t partner = mix.partner[i];
      blend(pixels.subspan(i * size, size),
            partner == start ? std::span<const std::uint8_t>(first) : pixels.subspan(partner * size, size));
    }
  }
}

}  // namespace

Mix draw_mix(const Augmentation& options, std::size_t count, int width, int height, Random random) {
  const bool both = options.mixup > 0 && options.cutmix > 0;
  const bool second = random.chance(0.5);
  Mix mix;
  if (both)
    mix.kind = second ? Mix::Kind::cutmix : Mix::Kind::mixup;
  else if (options.mixup > 0 || options.cutmix > 0)
    mix.kind = options.mixup > 0 ? Mix::Kind::mixup : Mix::Kind::cutmix;
  if (mix.kind == Mix::Kind::none) return mix;
  mix.partner.resize(count);
  std::iota(mix.partner.begin(), mix.partner.end(), std::size_t{0});
  random.shuffle(std::span(mix.partner));
  mix.share = beta_variate(mix.kind == Mix::Kind::mixup ? options.mixup : options.cutmix, random);
  if (mix.kind == Mix::Kind::cutmix) place_box(mix, width, height, random);
  return mix;
}

void apply_mix(const Mix& mix, std::span<std::uint8_t> pixels, int width, int height) {
  const auto row = 3 * static_cast<std::size_t>(width), size = row * static_cast<std::size_t>(height);
  if (mix.kind == Mix::Kind::none) return;
  if (pixels.size() != mix.partner.size() * size) throw UsageError("the batch is not the one that was drawn for");
  if (mix.kind == Mix::Kind::mixup) {
    const auto share = static_cast<int>(std::lround(mix.share * 65536));
    for_each_pair(mix, pixels, size, [&](std::span<std::uint8_t> own, std::span<const std::uint8_t> other) {
      for (std::size_t i = 0; i < size; ++i)
        own[i] = static_cast<std::uint8_t>((own[i] * share + other[i] * (65536 - share) + 32768) >> 16);
    });
    return;
  }
  for_each_pair(mix, pixels, size, [&](std::span<std::uint8_t> own, std::span<const std::uint8_t> other) {
    for (int y = mix.top; y < mix.top + mix.height; ++y) {
      const std::size_t begin = static_cast<std::size_t>(y) * row + 3 * static_cast<std::size_t>(mix.left);
      std::ranges::copy(other.subspan(begin, 3 * static_cast<std::size_t>(mix.width)),
                        own.begin() + static_cast<std::ptrdiff_t>(begin));
    }
  });
}

Random mix_stream(std::uint64_t seed, std::uint64_t epoch, std::uint64_t batch) {
  constexpr std::uint64_t stream = 3;
  return Random(seed, {stream, epoch, batch});
}

}  // namespace naevus::image
