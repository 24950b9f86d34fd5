#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "naevus/base/parallel.hpp"
#include "naevus/registry/gate.hpp"
#include "naevus/registry/readers.hpp"
#include "naevus/store/database.hpp"
#include "naevus/store/models.hpp"
#include "naevus/store/types.hpp"

namespace naevus::registry {

struct RetrainOptions {
  store::Location location;
  std::filesystem::path manifest;  ///< the data before any feedback: parts train, validation and the frozen test
  std::string labels;              ///< label map for it; empty: its labels are the model's classes
  std::filesystem::path config;    ///< recipe of the training (TOML, as for naevus train)
  std::set<std::string> believed;  ///< readers who count whatever is found of them
  GateOptions gate;
  bool promote = true;  ///< a candidate that passes answers from now on
  int threads = 0;
};

/// Labels that were not learned from, and why.
struct LeftOut {
  std::string reason;
  std::size_t pictures = 0;
};

struct RetrainResult {
  store::Model served, candidate;
  std::size_t labelled = 0;       ///< pictures of which readers named the class
  ReaderChecks readers;           ///< `believed` as found, whatever the options say
  std::vector<LeftOut> left_out;  ///< of the labelled pictures
  std::size_t learned = 0;        ///< of them in the candidate's training part
  std::size_t newest = 0;         ///< of them kept apart to judge both models
  std::int64_t test_readings = 0;
  GateResult gate;
  bool promoted = false;
  std::filesystem::path report;
};

/// Pictures with a label that histopathology or two readers confirm, and that the model which answers has not learned
/// from.
std::size_t new_confirmed_labels(store::Database& database);

/// Trains a candidate from the model that answers, on the data before and the feedback since, and lets it answer if it
/// is shown to be no worse (judge):
///
/// - readers whose labels are doubted too often do not count (check_readers; the validation part is the reference);
/// - the newest fifth of what the served model has not learned from is kept apart, by patient, to judge both models;
/// - the rest is cleaned as any data, against all pictures of the manifest: copies, leaks, contradictions, what can't
///   be read;
/// - what the served model's card was calibrated for, the candidate's is too.
///
/// The candidate is kept whether it passes or not, with the gate's result as its note and what it is worth on the
/// frozen test part in its card; a report without any single picture stands in DATA/retrain. The work between stands in
/// DATA/retrain/work, from where a stopped run goes on, and is removed at the end.
/// @throws UsageError, InputError where options, manifest and served model do not go together or there is nothing to
///         learn from; IoError; Error if the training fails; Cancelled
RetrainResult retrain(const RetrainOptions& options, const StopToken& stop = interrupt_token());

}  // namespace naevus::registry
