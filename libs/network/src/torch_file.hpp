#pragma once
#include <functional>
#include <span>

#include "naevus/network/weights.hpp"
#include "pickle.hpp"

namespace naevus::network {

bool is_torch_zip(std::span<const std::byte> content);
bool is_torch_stream(std::span<const std::byte> content);

/// PyTorch's zip archive (since 1.6): NAME/data.pkl, and the numbers in NAME/data/KEY.
/// @throws InputError
StateDict read_torch_zip(std::span<const std::byte> content);

/// PyTorch's older form: pickles of a magic number, protocol, system, the object and the storages' keys, one after
/// another; then each storage as a count and its raw numbers.
/// @throws InputError
StateDict read_torch_stream(std::span<const std::byte> content);

/// The numbers of the storage of that key.
using StorageBytes = std::function<std::span<const std::byte>(const std::string& key)>;

/// Finds the state dict in a pickle and gathers its tensors.
/// @param most_numbers  more than this many in all can't be right
/// @throws InputError if there is none, or a tensor reaches outside its storage
StateDict gather_state(const Pickle& pickle, const StorageBytes& bytes, std::size_t most_numbers);

}  // namespace naevus::network
