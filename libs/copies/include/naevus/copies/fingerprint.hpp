#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "naevus/base/parallel.hpp"
#include "naevus/image/image.hpp"

namespace naevus::copies {

/// A 64-bit hash of what a picture looks like, the same for all eight ways to turn and mirror it.
///
/// The picture is squashed to 32×32 (image::resize) and made grey (Rec. 601); bit 8u+v is the sign of the coefficient
/// (u, v) of its discrete cosine transform, u, v in 0…7; the constant's bit is always 0 (after Zauner 2010,
/// "Implementation and benchmarking of perceptual image hash functions", with the sign for the median). Mirroring
/// changes the sign of odd coefficients and turning swaps u and v, so all eight hashes come from one transform; the
/// smallest is taken. It survives scaling, recompression and small changes of light; compare with hash_distance().
std::uint64_t perceptual_hash(const image::Image& picture);

/// Bits in which two hashes differ, in the best of the eight positions: 0 to 63. Pictures that are unrelated differ in
/// about 24; copies rarely in more than 6.
int hash_distance(std::uint64_t a, std::uint64_t b);

/// What tells a picture again.
struct Fingerprint {
  std::string bytes;             ///< hash_hex of the file
  std::string pixels;            ///< image::pixel_hash of the decoded picture
  std::uint64_t perceptual = 0;  ///< perceptual_hash
  std::string problem;  ///< why the file can't be read or decoded, naming it; then the hashes it has not are empty
};

/// Fingerprints of files, in their order, with a line of progress. A broken file is named in its place and ends
/// nothing.
/// @throws Cancelled if a stop is requested
std::vector<Fingerprint> fingerprints(const std::vector<std::filesystem::path>& files, WorkerPool& pool,
                                      const StopToken& stop = interrupt_token());

/// Files that show the same picture.
struct Groups {
  std::vector<std::size_t>
      group;              ///< per file: its group, from 0 in the order of first members; broken files stand alone
  std::size_t count = 0;  ///< number of groups
  /// The groups of two or more files, as indices of files.
  std::vector<std::vector<std::size_t>> copies() const;
};

/// Groups of files with equal bytes or equal pixels.
Groups exact_groups(const std::vector<Fingerprint>& prints);

}  // namespace naevus::copies
