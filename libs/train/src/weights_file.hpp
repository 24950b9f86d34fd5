#pragma once
#include <filesystem>

#include "naevus/network/weights.hpp"

namespace naevus::train {

/// Weights by the file's kind: one of our models (.onnx), else what network::read_weights reads.
/// @throws IoError, InputError
network::StateDict read_any_weights(const std::filesystem::path& path);

}  // namespace naevus::train
