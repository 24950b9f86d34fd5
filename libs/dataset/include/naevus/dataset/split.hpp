#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "naevus/copies/fingerprint.hpp"
#include "naevus/dataset/manifest.hpp"

namespace naevus::dataset {

struct SplitOptions {
  /// Shares of train, validation and test; any scale, not negative, not all 0.
  std::array<double, 3> shares{70, 10, 20};
  /// Above 0: that many folds (3 or more) instead of parts.
  int folds = 0;
  std::uint64_t seed = 1;
  /// The test part that stands in the manifest is kept as it is; train and validation are drawn from the rest in the
  /// proportion of their shares. Images outside it that belong to a group of it are left in no part.
  bool keep_test = false;
};

/// "70/10/20" (train / validation / test) or "80/20" (train / test; with a kept test part: train / validation).
/// @throws UsageError unless it is two or three numbers that sum to 100, the first above 0
std::array<double, 3> parse_parts(const std::string& text, bool keep_test = false);

struct SplitResult {
  Manifest manifest;                  ///< with parts; with folds, the column `fold` (1 to k) besides
  std::size_t groups = 0;             ///< sets of images that must stay together (an image alone is one)
  std::vector<std::size_t> left_out;  ///< entries in no part: kept test's relatives, and images that can't be read
  std::vector<std::string> warnings;  ///< for the user: classes with too few groups, suspicious ids
};

/// Shares out the images, each class in the same proportion, and never parts the images of one lesion (`lesion_id`), of
/// one patient (`patient_id`) or of one picture (copies, and the same path twice), nor any that such links join in a
/// chain.
///
/// Groups go, the largest first and in an order shuffled by the seed, to the part that has least of their classes for
/// its share (Webster's rule), so that every part gets large and small ones, and a class's share is off by about one
/// group at most. The result depends on the images' names, the seed and the shares, not on the order of the rows or on
/// where the files lie.
///
/// With folds, each has the same share, and the manifest's parts are those of the first turn (see fold_manifest).
/// @param prints  one per entry, or empty: then copies are not looked for
/// @throws InputError if there are no entries, or one has no label
SplitResult split(const Manifest& manifest, const std::vector<copies::Fingerprint>& prints,
                  const SplitOptions& options);

/// The manifest for one turn of a cross-validation: fold `turn` is the test part, the next one (after the last: the
/// first) the validation part, and the others are for training. Where a test part was kept (images of it that have no
/// fold), fold `turn` is the validation part and all others are for training.
/// @param turn  1 to the number of folds
/// @throws InputError if there is no column `fold`, or it does not hold that fold
Manifest fold_manifest(const Manifest& manifest, int turn);

/// One line per class and a total: how many images each part has.
struct PartTable {
  struct Row {
    std::string label;
    std::array<std::size_t, 3> images{};  ///< train, validation, test
    std::size_t left_out = 0;
  };
  std::vector<Row> rows;  ///< by falling number of images
  Row total;
};
PartTable part_table(const Manifest& manifest);

}  // namespace naevus::dataset
