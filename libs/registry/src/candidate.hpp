#pragma once
#include <cstdint>
#include <filesystem>

#include "naevus/base/parallel.hpp"
#include "naevus/dataset/manifest.hpp"
#include "naevus/evaluate/predictions.hpp"
#include "naevus/model/card.hpp"
#include "naevus/registry/gate.hpp"

namespace naevus::registry {

/// A trained candidate as it will be served.
struct Candidate {
  std::filesystem::path trained;   ///< as training left it
  std::filesystem::path file;      ///< to write
  std::int64_t test_readings = 0;  ///< of the frozen test part that decides on it, for its card
};

/// Writes the candidate, calibrated on the validation part as the served model was, so that its threshold means what
/// users are used to.
void write_recalibrated(const Candidate& candidate, const model::Card& served, const dataset::Manifest& base,
                        int threads, const StopToken& stop);

/// Puts into the written candidate's card what its answers to the frozen test part, which judged it, say of its worth.
void add_evaluation(const std::filesystem::path& candidate, const evaluate::Predictions& frozen,
                    const GateOptions& options);

}  // namespace naevus::registry
