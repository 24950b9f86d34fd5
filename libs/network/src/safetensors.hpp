#pragma once
#include <span>

#include "naevus/network/weights.hpp"

namespace naevus::network {

/// Reads the safetensors format (huggingface/safetensors). Strict: every offset is checked, the tensors must fill the
/// file without holes or overlaps. Integer and boolean tensors are passed over.
/// @throws InputError
StateDict read_safetensors(std::span<const std::byte> content);

}  // namespace naevus::network
