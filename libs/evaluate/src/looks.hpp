#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "naevus/base/parallel.hpp"
#include "naevus/copies/signature.hpp"

namespace naevus::evaluate {

/// What one decoding of a picture tells beside the model's answer.
struct Look {
  std::string pixels;  ///< image::pixel_hash; empty: it can't be read
  std::uint64_t perceptual = 0;
  copies::Signature signature;
  std::optional<double> lesion_area, skin_angle;  ///< as in Case
};

/// In the files' order; one that can't be read has an empty look.
/// @throws Cancelled
std::vector<Look> look_at(const std::vector<std::filesystem::path>& files, WorkerPool& pool, const StopToken& stop);

/// The same of training pictures, that are only compared: the signatures alone.
std::vector<copies::Signature> signatures_of(const std::vector<std::filesystem::path>& files, WorkerPool& pool,
                                             const StopToken& stop);

}  // namespace naevus::evaluate
