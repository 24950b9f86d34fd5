#include "naevus/drift/drift.hpp"

#include <algorithm>
#include <numeric>

#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/metrics/calibration.hpp"
#include "naevus/metrics/confusion.hpp"

namespace naevus::drift {
namespace {

std::vector<double> values_of(std::span<const Observation> observations, const std::string& measure) {
  std::vector<double> values;
  for (const Observation& one : observations)
    if (const auto found = one.measures.find(measure); found != one.measures.end()) values.push_back(found->second);
  return values;
}

std::vector<std::uint64_t> counts_of(std::span<const Observation> observations,
                                     const std::vector<std::string>& classes) {
  std::vector<std::uint64_t> counts(classes.size());
  for (const Observation& one : observations)
    if (const auto found = std::find(classes.begin(), classes.end(), one.predicted); found != classes.end())
      ++counts[static_cast<std::size_t>(found - classes.begin())];
  return counts;
}

Measures measures_of_file(const std::filesystem::path& file) {
  try {
    return measures_of(image::measure_quality(image::load(file)));
  } catch (const Error&) {  // whoever asked has named it already
    return {};
  }
}

std::vector<int> malignant_indices(const model::Card& card) {
  std::vector<int> indices;
  for (std::size_t c = 0; c < card.classes.size(); ++c)
    if (std::ranges::find(card.malignant, card.classes[c]) != card.malignant.end())
      indices.push_back(static_cast<int>(c));
  return indices;
}

Verdict verdict_of(const metrics::Stability& stability, std::size_t measures) {
  constexpr double moves = 0.1, has_moved = 0.25;  // Siddiqi 2006
  if (stability.psi < moves) return Verdict::stable;
  if (stability.p_value * static_cast<double>(measures) >= significance) return Verdict::unproven;
  return stability.psi > has_moved ? Verdict::shifted : Verdict::moderate;
}

}  // namespace

Measures measures_of(const image::Quality& quality) {
  Measures measures{{"sharpness", quality.sharpness},
                    {"brightness", quality.luma_50},
                    {"contrast", quality.contrast},
                    {"entropy", quality.entropy},
                    {"blockiness", quality.blockiness}};
  if (quality.lesion.found) measures["lesion_area"] = quality.lesion.area;
  return measures;
}

std::vector<Measures> measure_files(std::span<const std::filesystem::path> files, WorkerPool& pool,
                                    const StopToken& stop) {
  std::vector<Measures> measures(files.size());
  Progress progress("measuring", files.size());
  pool.for_each(files.size(), [&](std::size_t i) {
    stop.check();
    measures[i] = measures_of_file(files[i]);
    progress.advance();
  });
  progress.finish();
  return measures;
}

std::vector<Observation> observations_of(const model::Card& card, std::span<const double> probabilities,
                                         std::span<const double> ood_score) {
  const std::size_t classes = card.classes.size();
  const std::vector<int> called = metrics::most_likely(probabilities, classes), malignant = malignant_indices(card);
  const std::vector<double> share = metrics::summed_probability(probabilities, classes, malignant);
  std::vector<Observation> observations(called.size());
  for (std::size_t i = 0; i < called.size(); ++i) {
    observations[i].predicted = card.classes[static_cast<std::size_t>(called[i])];
    if (!malignant.empty()) observations[i].measures["malignant"] = share[i];
    if (!ood_score.empty()) observations[i].measures["ood_score"] = ood_score[i];
  }
  return observations;
}

model::Reference reference_of(std::span<const Observation> observations, const std::vector<std::string>& classes,
                              std::string of) {
  model::Reference reference{.of = std::move(of), .predicted = counts_of(observations, classes)};
  for (const Observation& one : observations)
    for (const auto& [measure, value] : one.measures) reference.measures.try_emplace(measure);
  for (auto& [measure, bins] : reference.measures) {
    const std::vector<double> values = values_of(observations, measure);
    bins.edges = metrics::quantile_edges(values);
    bins.counts = metrics::histogram(values, bins.edges);
  }
  return reference;
}

const char* name(Verdict verdict) {
  switch (verdict) {
    case Verdict::stable:
      return "stable";
    case Verdict::unproven:
      return "unproven";
    case Verdict::moderate:
      return "moderate";
    case Verdict::shifted:
      return "shifted";
    case Verdict::unknown:
      break;
  }
  return "unknown";
}

std::vector<Change> changes(const model::Reference& reference, const std::vector<std::string>& classes,
                            std::span<const Observation> now) {
  std::vector<Change> all{
      {.measure = "predicted", .reference = reference.predicted, .current = counts_of(now, classes)}};
  for (const auto& [measure, bins] : reference.measures)
    all.push_back({.measure = measure,
                   .edges = bins.edges,
                   .reference = bins.counts,
                   .current = metrics::histogram(values_of(now, measure), bins.edges)});
  for (Change& one : all) {
    one.stability = metrics::population_stability(one.reference, one.current);
    if (one.stability) one.verdict = verdict_of(*one.stability, all.size());
  }
  return all;
}

}  // namespace naevus::drift
