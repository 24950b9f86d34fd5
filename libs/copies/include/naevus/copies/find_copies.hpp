#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "naevus/base/parallel.hpp"
#include "naevus/copies/signature.hpp"
#include "naevus/copies/symmetry.hpp"

namespace naevus::copies {

enum class Kind : std::uint8_t {
  exact,    ///< the same pixels, in one of the eight positions
  altered,  ///< the same photograph, recompressed, resized, squashed, cropped, brightened, retouched …
};

/// Where the turned picture lies in the other's frame, in shares of that frame's width and height. {0, 0, 1, 1}: they
/// show the same; width or height above 1: it shows more.
struct Frame {
  float x = 0, y = 0, width = 1, height = 1;
};

/// Two pictures that are one photograph.
struct Pair {
  std::size_t a = 0, b = 0;    ///< places in the set, a < b; of two sets, a in the first and b in the second
  Symmetry symmetry = 0;       ///< turned(b, symmetry) lies on a
  Frame frame;                 ///< where it lies on a
  float correlation = 1;       ///< of the grey levels of what both show, laid on each other
  float fine_correlation = 1;  ///< of their fine structure, which decides
  Kind kind = Kind::exact;
};

struct FindOptions {
  /// Pairs whose fine structure correlates less are refused. Copies of HAM10000 and ISIC pictures have 0.79 and more
  /// (99 of 100: 0.89), different lesions at most 0.70; in between are other photographs of one lesion from one
  /// position.
  double least_fine_correlation = 0.75;
};

/// Decodes a picture again, by its place in its set. Called from several threads.
using Load = std::function<image::Image(std::size_t)>;

/// Finds the pictures of one set that are the same photograph.
///
/// Three steps, each for what the one before it left:
/// 1. Exact copies: equal Signature::exact, proved by equal Signature::pixels or, where the copy is turned, on the
///    pixels. Each member of a group is paired with the group's first, and only that one takes part in what follows:
///    group pairs with UnionFind to have them all.
/// 2. Candidates: a picture's views (whole; the centre square of its frame; crops of them) are looked up among the
/// whole
///    pictures with locality-sensitive hashing over low frequencies in a position that the contents decide
///    (Charikar 2002; Lv et al. 2007), and aligned on the thumbnails (Evangelidis & Psarakis 2008).
/// 3. Proof: both pictures are decoded again, aligned to a fraction of a pixel, and their fine structure (hairs, pores,
///    network, edges) is correlated. Two round moles on plain skin are alike in everything but that.
/// What is found: all eight positions, crops down to 3/4 of the side, squashing of a 4:3 frame to a square, resizing,
/// recompression, changes of light and colour, retouched hairs; not turns by other angles,
/// and of pictures with a side below 80 pixels exact copies alone. src/parameters.hpp says how
/// the limits were chosen, bench/copies what they find.
///
/// Time grows a little faster than the number of pictures (`near_copies --simulate`: 0.17 and 0.38 ms of processor time
/// a picture for 6,000 and 100,000), because pictures that look alike from afar share keys.
/// Beside the signatures it needs about 250 bytes a picture, and the pixels of a few pictures a thread.
/// @return pairs by a and b; the same for any number of threads
/// @throws Cancelled if a stop is requested; what load throws
std::vector<Pair> find_copies(std::span<const Signature> pictures, const FindOptions& options, const Load& load,
                              WorkerPool& pool, const StopToken& stop = interrupt_token());

/// Finds the pictures of one set that are in another too; pairs within a set are not looked for.
std::vector<Pair> find_copies(std::span<const Signature> pictures, std::span<const Signature> others,
                              const FindOptions& options, const Load& load, const Load& load_other, WorkerPool& pool,
                              const StopToken& stop = interrupt_token());

}  // namespace naevus::copies
