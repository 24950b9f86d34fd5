#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <vector>

#include "naevus/base/parallel.hpp"
#include "naevus/copies/signature.hpp"
#include "naevus/image/inspect.hpp"
#include "naevus/image/measure.hpp"

namespace naevus::clean {

/// A file that was decoded once, and all that the checks need of it: at most 1 KiB, plain bytes.
struct Measurement {
  bool readable = false;
  std::array<char, 32> bytes{};  ///< hash_hex of the file
  image::Measures measures;
  copies::Signature signature;
};

struct Measurements {
  std::vector<Measurement> of;                                    ///< by file
  std::map<std::size_t, std::vector<image::FileFinding>> faults;  ///< of the files that have some
  std::size_t taken_up = 0;                                       ///< files that an earlier run had measured
};

/// Decodes and measures every file once. Results are kept in the journal as they come, and a file that is there with
/// the same path, size and time of change is not decoded again.
/// @param journal  a file, made where it is missing
/// @throws IoError if the journal can't be written or is in use; Cancelled
Measurements measure(const std::vector<std::filesystem::path>& files, const std::filesystem::path& journal,
                     WorkerPool& pool, const StopToken& stop);

}  // namespace naevus::clean
