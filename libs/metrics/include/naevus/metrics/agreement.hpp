#pragma once
#include <optional>

#include "naevus/metrics/confusion.hpp"
#include "naevus/metrics/interval.hpp"

namespace naevus::metrics {

/// How far two people who judged the same cases agree beyond chance.
struct Agreement {
  double observed = 0;        ///< share of the cases on which they agree
  double expected = 0;        ///< the same, had each dealt out his own answers at random
  double kappa = 0;           ///< (observed - expected) / (1 - expected), in [-1, 1] (Cohen 1960)
  double standard_error = 0;  ///< of kappa, for large samples (Fleiss, Cohen & Everitt 1969)
  Interval interval;          ///< kappa's 95 % interval, kappa ± 1.96 standard errors
};

/// Cohen's kappa. Nothing without cases, or where both gave every case the same single answer.
/// @param matrix  rows: one's answers, columns: the other's
std::optional<Agreement> cohen_kappa(const ConfusionMatrix& matrix);

}  // namespace naevus::metrics
