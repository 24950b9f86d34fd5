#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "naevus/network/graph.hpp"

namespace naevus::network {

/// A float32 tensor in row-major order.
struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
  bool operator==(const Tensor&) const = default;
};

/// Parameters and buffers by name.
using StateDict = std::map<std::string, Tensor>;

/// Reads a weight file by what it holds: safetensors (F64, F32, F16, BF16), PyTorch .pth as zip or as the older stream.
/// Nothing in a .pth is executed: the few pickle opcodes of a state dict are understood, anything else is refused.
/// `{'state_dict': ...}`, `{'model': ...}` and a `module.` prefix are looked through; integer tensors
/// (num_batches_tracked) are passed over.
/// @throws IoError; InputError when it is damaged, or holds a pickled module (with how to save its state dict)
StateDict read_weights(const std::filesystem::path& path);
/// The same for a file's content. @throws InputError
StateDict parse_weights(std::span<const std::byte> content);

/// @param metadata  goes into `__metadata__`
std::vector<std::byte> to_safetensors(const StateDict& state, const std::map<std::string, std::string>& metadata = {});

/// What fitting weights to a graph found.
struct FitReport {
  std::vector<std::string> missing;    ///< the graph asks, the file has not (kept as they were)
  std::vector<std::string> left_over;  ///< the file has, the graph does not ask
  std::vector<std::string> head;       ///< the head's, of another class count: kept as they were
  std::size_t loaded = 0;
};

/// Copies what fits from `weights` into `state`. The head (the last linear layer) may differ in its class count; any
/// other difference in shape is an error.
/// @throws InputError if a shape differs elsewhere, or nothing fits
FitReport fit_weights(const Graph& graph, const StateDict& weights, StateDict& state);

/// Fresh parameters: He-normal (fan out) for convolutions, uniform 1/sqrt(fan in) for linear layers, 1 and 0 for batch
/// norm. The same seed gives the same numbers everywhere.
StateDict initialise(const Graph& graph, std::uint64_t seed);

}  // namespace naevus::network
