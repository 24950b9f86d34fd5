#pragma once
#include <vector>

#include "naevus/base/parallel.hpp"
#include "naevus/clean/finding.hpp"
#include "naevus/clean/measure.hpp"
#include "naevus/clean/policy.hpp"
#include "naevus/dataset/manifest.hpp"
#include "naevus/report/chart.hpp"

namespace naevus::clean {

/// Files that can't be read, and odd ones: wrong extension, orientation, colour, size.
/// @param measured  by row
std::vector<Finding> file_findings(const dataset::Manifest& manifest, const Measurements& measured);

/// Pictures whose quality lies beyond a limit: the policy's, or the one that comes along (limits()).
std::vector<Finding> quality_findings(const dataset::Manifest& manifest, const Measurements& measured,
                                      const Policy& policy);

/// Hair, rulers, ink and the like, one finding a picture.
std::vector<Finding> artefact_findings(const dataset::Manifest& manifest, const Measurements& measured);

/// What goes with the label and should not: each artefact, the picture's size, and whether it has an odd colour space.
struct Shortcuts {
  std::vector<Finding> findings;  ///< kind shortcut, on the whole set; score: Cramér's V
  report::Table table;            ///< share of pictures with the artefact in each class, V and p, for all of them
};

/// Cramér's V with a permutation p-value (metrics::association). A shortcut is what has p <= 0.01 over the number of
/// properties tested (Bonferroni) and a bias-corrected V of at least 0.1.
Shortcuts shortcuts(const dataset::Manifest& manifest, const Measurements& measured, WorkerPool& pool);

}  // namespace naevus::clean
