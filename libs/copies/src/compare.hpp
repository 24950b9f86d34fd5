#pragma once
#include <optional>

#include "candidate_index.hpp"
#include "naevus/copies/find_copies.hpp"

namespace naevus::copies {

/// The candidate with its part fitted on the thumbnails, or nothing where they show that it is another picture.
std::optional<Candidate> fitted(const Signature& outer, const Signature& inner, Candidate candidate);

/// How well the pixels of two pictures agree once they lie on each other.
struct Agreement {
  Rectangle part;  ///< of the outer, in which the turned inner lies
  double correlation = 0;
  double fine_correlation = 0;
};
Agreement compare(const image::Image& outer, const image::Image& inner, Symmetry symmetry, Rectangle part);

/// The symmetry that makes `b` equal `a` to the pixel, if there is one.
std::optional<Symmetry> exact_symmetry(const image::Image& a, const image::Image& b);

}  // namespace naevus::copies
