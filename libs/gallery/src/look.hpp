#pragma once
#include <filesystem>
#include <functional>
#include <vector>

#include "naevus/infer/classifier.hpp"

namespace naevus::gallery {

/// Calls `take` with the model's answer to each of the files, in their order, and shows how far it is.
/// @throws Cancelled
void look(const infer::Classifier& classifier, const std::vector<std::filesystem::path>& files,
          const std::function<void(std::size_t, const infer::Outcome&)>& take, const StopToken& stop);

}  // namespace naevus::gallery
