#include "naevus/metrics/reliability.hpp"

#include <algorithm>
#include <cmath>

#include "bins.hpp"
#include "check.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"
#include "naevus/metrics/bootstrap.hpp"
#include "naevus/metrics/proportion.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::metrics {
namespace {

std::vector<ReliabilityBin> filled(const Bins& bins, std::span<const double> confidence,
                                   std::span<const std::uint8_t> right) {
  check::same_length(confidence.size(), right.size(), "confidences and outcomes");
  std::vector<ReliabilityBin> result = bins.bounds;
  for (std::size_t i = 0; i < confidence.size(); ++i) {
    ReliabilityBin& bin = result[bins.of[i]];
    ++bin.count;
    bin.confidence += confidence[i];
    bin.right += right[i] != 0 ? 1 : 0;
  }
  for (ReliabilityBin& bin : result) {
    if (bin.count == 0) continue;
    bin.confidence /= static_cast<double>(bin.count);
    bin.right /= static_cast<double>(bin.count);
  }
  return result;
}

}  // namespace

std::vector<ReliabilityBin> reliability_bins(std::span<const double> confidence, std::span<const std::uint8_t> right,
                                             std::size_t bins, Binning binning) {
  return filled(put_into_bins(confidence, bins, binning), confidence, right);
}

std::optional<Interval> right_interval(const ReliabilityBin& bin) {
  return wilson_interval(static_cast<std::uint64_t>(std::llround(bin.right * static_cast<double>(bin.count))),
                         bin.count);
}

std::optional<double> expected_calibration_error(std::span<const ReliabilityBin> bins) {
  double sum = 0, cases = 0;
  for (const ReliabilityBin& bin : bins) {
    sum += static_cast<double>(bin.count) * std::abs(bin.right - bin.confidence);
    cases += static_cast<double>(bin.count);
  }
  if (cases == 0) return std::nullopt;
  return sum / cases;
}

TopClass top_class(std::span<const double> probabilities, std::span<const int> truth, std::size_t classes) {
  check::probabilities(probabilities, truth, classes);
  TopClass result;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto row = probabilities.subspan(i * classes, classes);
    const auto best = std::max_element(row.begin(), row.end());
    result.confidence.push_back(*best);
    result.right.push_back(best - row.begin() == truth[i] ? 1 : 0);
  }
  return result;
}

std::vector<double> classwise_calibration_error(std::span<const double> probabilities, std::span<const int> truth,
                                                std::size_t classes, std::size_t bins, Binning binning) {
  check::probabilities(probabilities, truth, classes);
  std::vector<double> errors;
  for (std::size_t c = 0; c < classes; ++c) {
    const auto cells =
        reliability_bins(column(probabilities, classes, c), is_class(truth, static_cast<int>(c)), bins, binning);
    if (const auto error = expected_calibration_error(cells)) errors.push_back(*error);
  }
  return errors;
}

BrierBins::BrierBins(std::span<const double> probability, std::span<const std::uint8_t> right, std::size_t bins,
                     Binning binning)
    : cases_(probability.size()) {
  check::same_length(probability.size(), right.size(), "probabilities and outcomes");
  add(probability, right, bins, binning);
}

BrierBins::BrierBins(std::span<const double> probabilities, std::span<const int> truth, std::size_t classes,
                     std::size_t bins, Binning binning)
    : cases_(truth.size()) {
  check::probabilities(probabilities, truth, classes);
  for (std::size_t c = 0; c < classes; ++c)
    add(column(probabilities, classes, c), is_class(truth, static_cast<int>(c)), bins, binning);
}

void BrierBins::add(std::span<const double> probability, std::span<const std::uint8_t> right, std::size_t bins,
                    Binning binning) {
  Bins places = put_into_bins(probability, bins, binning);
  events_.push_back({{probability.begin(), probability.end()},
                     {right.begin(), right.end()},
                     std::move(places.of),
                     places.bounds.size()});
}

void BrierBins::add_parts(const Event& event, std::span<const std::uint32_t> weight, BrierParts& sum) {
  struct Cell {
    double cases = 0, probability = 0, right = 0;  // sums, then means of the last two
  };
  std::vector<Cell> cells(event.bins);
  double cases = 0, right = 0;
  const auto times = [&](std::size_t i) { return weight.empty() ? 1.0 : static_cast<double>(weight[i]); };
  const auto outcome = [&](std::size_t i) { return event.right[i] != 0 ? 1.0 : 0.0; };
  for (std::size_t i = 0; i < event.bin.size(); ++i) {
    Cell& cell = cells[event.bin[i]];
    cell.cases += times(i);
    cell.probability += times(i) * event.probability[i];
    cell.right += times(i) * outcome(i);
    cases += times(i);
    right += times(i) * outcome(i);
  }
  const double base_rate = right / cases;
  sum.uncertainty += base_rate * (1 - base_rate);
  for (Cell& cell : cells) {
    if (cell.cases == 0) continue;
    cell.probability /= cell.cases;
    cell.right /= cell.cases;
    const double share = cell.cases / cases;
    sum.reliability += share * (cell.probability - cell.right) * (cell.probability - cell.right);
    sum.resolution += share * (cell.right - base_rate) * (cell.right - base_rate);
  }
  for (std::size_t i = 0; i < event.bin.size(); ++i) {
    const Cell& cell = cells[event.bin[i]];
    const double share = times(i) / cases, off = event.probability[i] - cell.probability;
    const double miss = event.probability[i] - outcome(i);
    sum.score += share * miss * miss;
    sum.within_variance += share * off * off;
    sum.within_covariance += share * 2 * off * (outcome(i) - cell.right);
  }
}

std::optional<BrierParts> BrierBins::parts(std::span<const std::uint32_t> weight) const {
  if (!weight.empty()) check::same_length(cases_, weight.size(), "cases and weights");
  const bool any =
      weight.empty() ? cases_ > 0 : std::any_of(weight.begin(), weight.end(), [](auto w) { return w > 0; });
  if (!any) return std::nullopt;
  BrierParts sum;
  for (const Event& event : events_) add_parts(event, weight, sum);
  return sum;
}

std::optional<PerfectCalibration> against_perfect_calibration(std::span<const double> confidence,
                                                              std::span<const std::uint8_t> right, std::size_t bins,
                                                              Binning binning, const SimulationOptions& options) {
  if (options.simulations < 1) throw InputError("there must be at least one simulation");
  const Bins places = put_into_bins(confidence, bins, binning);
  const std::vector<ReliabilityBin> cells = filled(places, confidence, right);
  if (confidence.empty()) return std::nullopt;
  PerfectCalibration result{.error = expected_calibration_error(cells).value_or(0)};
  const auto n = static_cast<double>(confidence.size());
  std::vector<double> errors;
  int reached = 0;
  for (int s = 0; s < options.simulations; ++s) {
    Random random(options.seed, {static_cast<std::uint64_t>(s)});
    std::vector<double> gap(cells.size());
    for (std::size_t b = 0; b < cells.size(); ++b) gap[b] = -cells[b].confidence * static_cast<double>(cells[b].count);
    for (std::size_t i = 0; i < confidence.size(); ++i) gap[places.of[i]] += random.uniform() < confidence[i] ? 1 : 0;
    double error = 0;
    for (const double value : gap) error += std::abs(value) / n;
    errors.push_back(error);
    result.expected += error / options.simulations;
    if (error >= result.error) ++reached;
  }
  std::sort(errors.begin(), errors.end());
  result.limit = quantile(errors, 0.95);
  result.p_value = (reached + 1.0) / (options.simulations + 1.0);
  return result;
}

}  // namespace naevus::metrics
