#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "naevus/metrics/agreement.hpp"
#include "naevus/store/readings.hpp"

namespace naevus::registry {

/// How far two agree who have labelled the same cases.
struct Concordance {
  std::size_t cases = 0;
  double observed = 0;                      ///< share of the cases to which both give one label; 0 without cases
  std::optional<metrics::Agreement> kappa;  ///< nothing where it is not defined (metrics::cohen_kappa)
};

struct ReaderAgreement {
  std::string reader;  ///< an actor's id
  Concordance with_model;
};

struct PairAgreement {
  std::string first, second;  ///< readers
  Concordance concordance;    ///< on the predictions that both have labelled
};

struct ReadersAgreement {
  std::vector<ReaderAgreement> readers;       ///< most readings first
  std::vector<PairAgreement> pairs;           ///< that share a prediction; most cases first
  std::map<std::string, std::size_t> labels;  ///< by class how often all readers named it
  std::size_t readers_left_out = 0;           ///< who are not among the readers and pairs
};

/// How far readers agree with each other and with the model.
/// @param readings  one a reader and prediction
/// @param most      readers to compare, those with most readings: each further one is compared with all of them
ReadersAgreement readers_agreement(std::span<const store::Reading> readings, std::size_t most = 50);

}  // namespace naevus::registry
