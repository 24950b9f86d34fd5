#pragma once
#include <span>
#include <string>
#include <vector>

#include "naevus/evaluate/predictions.hpp"
#include "naevus/metrics/fisher.hpp"
#include "naevus/store/readings.hpp"

namespace naevus::registry {

/// How far one reader can be believed.
struct ReaderCheck {
  std::string reader;      ///< an actor's id
  metrics::Share doubted;  ///< of the reader's opinions that can be judged
  double p_value = 1;      ///< that they are doubted no more often than the reference's labels (Fisher, one-sided)
  bool believed = true;
};

struct ReaderChecks {
  metrics::Share reference;          ///< doubted labels of the reference
  std::vector<ReaderCheck> readers;  ///< by id
};

struct ReaderCheckOptions {
  double level = 0.01;   ///< shared by all readers (Bonferroni); in (0, 1)
  double excess = 0.05;  ///< and doubted so much more often than the reference's labels, as shares
};

/// Whether each reader's labels are doubted more often than labels that are known to be good. A label is doubted where
/// a model that has not learned from it confidently sees another class (confident learning: Northcutt, Jiang & Chuang
/// 2021): by the first answer about each picture, and by the served model on the reference. So the model's own mistakes
/// are in both shares, and what goes beyond them is the reader's.
/// @param reference  the served model's answers to labelled pictures that it was not trained on
ReaderChecks check_readers(std::span<const store::ReadPicture> pictures, const evaluate::Predictions& reference,
                           const ReaderCheckOptions& options = {});

}  // namespace naevus::registry
