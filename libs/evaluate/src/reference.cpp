#include "naevus/evaluate/reference.hpp"

#include <filesystem>

#include "naevus/drift/drift.hpp"
#include "naevus/metrics/calibration.hpp"
#include "naevus/metrics/vector_scaling.hpp"
#include "words.hpp"

namespace naevus::evaluate {
namespace {

constexpr std::size_t most_measured = 4000;

std::vector<double> calibrated(const Predictions& predictions, const model::Card& card) {
  const std::size_t classes = predictions.classes.size();
  if (!card.vector_scaling) return metrics::softmax(predictions.logits, classes, card.temperature);
  return metrics::softmax(metrics::scaled(predictions.logits, {card.vector_scaling->weight, card.vector_scaling->bias}),
                          classes);
}

}  // namespace

void set_reference(const Predictions& predictions, WorkerPool& pool, model::Card& card, const StopToken& stop) {
  const std::size_t cases = predictions.cases.size(), measured = std::min(cases, most_measured);
  auto observations = drift::observations_of(card, calibrated(predictions, card), predictions.ood_score);
  std::vector<std::filesystem::path> files;
  files.reserve(measured);
  for (std::size_t i = 0; i < measured; ++i) files.push_back(predictions.cases[i * cases / measured].path);
  std::vector<drift::Measures> pictures = drift::measure_files(files, pool, stop);
  for (std::size_t i = 0; i < measured; ++i) observations[i * cases / measured].measures.merge(pictures[i]);
  card.reference = drift::reference_of(observations, predictions.classes, words::pictures(predictions));
}

}  // namespace naevus::evaluate
