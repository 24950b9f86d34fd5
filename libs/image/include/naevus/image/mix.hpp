#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "naevus/base/random.hpp"
#include "naevus/image/augment.hpp"

namespace naevus::image {

/// How the pictures of a batch are mixed with each other. Picture i keeps `share` of its label, the rest is that of its
/// partner.
struct Mix {
  enum class Kind { none, mixup, cutmix };
  Kind kind = Kind::none;
  std::vector<std::size_t> partner;              ///< [n], a permutation; empty for none
  double share = 1;                              ///< in [0, 1]; one for the whole batch, as in the papers' own programs
  int left = 0, top = 0, width = 0, height = 0;  ///< cutmix: what is taken from the partner
};

/// Draws the mixing of one batch: the share from Beta(alpha, alpha); for cutmix a box of 1 - share of the area about a
/// uniform point, cut off at the border, and the share that is then exactly left (Yun et al. 2019, algorithm A1).
/// @param count   pictures in the batch
/// @param width   of the pictures; height likewise
Mix draw_mix(const Augmentation& options, std::size_t count, int width, int height, Random random);

/// Mixes pictures of one size in place. Mixup rounds to the nearest level.
/// @param pixels  [n, height, width, 3], n = mix.partner.size()
void apply_mix(const Mix& mix, std::span<std::uint8_t> pixels, int width, int height);

/// The random stream of one batch in training, as augmentation_stream().
Random mix_stream(std::uint64_t seed, std::uint64_t epoch, std::uint64_t batch);

}  // namespace naevus::image
