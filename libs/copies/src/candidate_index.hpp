#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "descriptor.hpp"
#include "naevus/base/parallel.hpp"

namespace naevus::copies {

/// A picture of the index that may be the same as the one asked for, or as a part of it.
struct Candidate {
  std::size_t index = 0;   ///< of the indexed picture
  Symmetry symmetry = 0;   ///< turns the indexed picture so that it fits the other
  Rectangle part;          ///< of the other, which the indexed picture fills
  double correlation = 0;  ///< of the two descriptors
};

/// Whole pictures by what they look like from afar, found again whole or as a part of another picture.
///
/// Locality-sensitive hashing with several tables: a key is made of the signs of some coefficients of a picture in its
/// upright position (Charikar 2002, with cosines for random directions), and a query looks under the keys that differ
/// in its least certain signs too (multi-probe: Lv et al. 2007). What shares a key is compared by 32 other signs, then
/// by the whole descriptor. Keys grow with the logarithm of the number of pictures, so that one key has about one;
/// pictures that look alike from afar share keys, and a query among more of them takes longer. Memory: about 160 bytes
/// a picture.
class CandidateIndex {
 public:
  /// @param chosen  per picture: 0 leaves it out of the index
  CandidateIndex(std::span<const Signature> pictures, std::span<const std::uint8_t> chosen, WorkerPool& pool);

  /// Room for one thread's queries.
  class Scratch {
    friend class CandidateIndex;
    std::vector<std::uint32_t> seen_;  // per indexed picture: the last question that compared it
    std::uint32_t question_ = 0;
    std::vector<std::uint32_t> alike_;  // first what one question found by its signs, some of it more than once
    std::size_t alike_count_ = 0;
    std::vector<Candidate> found_;
  };

  /// Likely copies of the picture, best first, at most `most`.
  std::vector<Candidate> find(const Signature& picture, std::size_t most, Scratch& scratch) const;

 private:
  struct Small {  // a descriptor in upright position, in steps of 1/127
    std::array<std::int8_t, frequencies * frequencies> values;
  };
  struct Entry {
    std::uint32_t picture;
    std::uint32_t signs;
  };
  struct Table {
    std::vector<std::uint8_t> bits;     // the coefficients whose signs make the key
    std::vector<std::uint32_t> begins;  // per key: its first entry; one more at the end
    std::vector<Entry> entries;
  };
  void look(const Descriptor& upright, Symmetry to_upright, const Rectangle& part, Scratch& scratch) const;
  static void collect(const Table& table, std::uint32_t key, std::uint32_t signs, Scratch& scratch);
  void compare(const Small& asked, Symmetry to_upright, const Rectangle& part, Scratch& scratch) const;

  std::vector<Small> descriptors_;
  std::vector<Symmetry> positions_;  // what turned each picture upright
  std::vector<Table> tables_;
};

}  // namespace naevus::copies
