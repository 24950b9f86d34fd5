#pragma once
#include <string>
#include <utility>

#include "naevus/clean/finding.hpp"
#include "naevus/dataset/manifest.hpp"

namespace naevus::clean {

/// A finding on one row.
inline Finding row_finding(const dataset::Manifest& manifest, std::string kind, std::size_t row, double score,
                           std::string evidence) {
  return {.kind = std::move(kind),
          .image = manifest.entries[row].image,
          .other = {},
          .score = score,
          .evidence = std::move(evidence),
          .row = row};
}

}  // namespace naevus::clean
