#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace naevus::metrics {

/// How strongly two properties of the same cases go together.
struct Association {
  double cramers_v = 0;  ///< sqrt(chi² / n / (min(rows, columns) - 1)), in [0, 1] (Cramér 1946)
  /// The same with the bias of small tables taken off (Bergsma 2013, "A bias-correction for Cramér's V and Tschuprow's
  /// T"): about 0 where the two are independent.
  double corrected_v = 0;
  double p_value = 1;  ///< share of the permutations, with the one observed, that give as large a chi²
};

struct AssociationOptions {
  int permutations = 2000;  ///< the smallest p-value is 1 / (permutations + 1) (Phipson & Smyth 2010)
  std::uint64_t seed = 1;   ///< the same seed gives the same p-value
};

/// Cramér's V of two properties, and how often cases whose second property was dealt out anew at random go together as
/// strongly. Nothing where one of them takes one value only.
/// @param first, second  the properties as numbers from 0, below 65,536; shape [n]
/// @throws InputError if the shapes differ, a number is out of range or an option is
std::optional<Association> association(std::span<const int> first, std::span<const int> second,
                                       const AssociationOptions& options = {});

}  // namespace naevus::metrics
