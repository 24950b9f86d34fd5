#include <algorithm>
#include <cmath>
#include <memory>

#include "context.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::evaluate {
namespace {

constexpr std::size_t bin_count = 15;

/// Cases of one probability in fixed bins, for the calibration error of resamples.
struct Binned {
  std::vector<std::uint8_t> bin;
  std::vector<double> gap;  ///< 1 or 0 for what came true, less the probability
  std::size_t bins = 0;

  std::optional<double> error(Weights weight) const {
    std::vector<double> sum(bins);
    double cases = 0;
    for (std::size_t i = 0; i < bin.size(); ++i) {
      const double times = weight.empty() ? 1 : weight[i];
      sum[bin[i]] += times * gap[i];
      cases += times;
    }
    if (!(cases > 0)) return std::nullopt;
    double total = 0;
    for (const double value : sum) total += std::abs(value);
    return total / cases;
  }
};

Binned binned(std::span<const double> confidence, std::span<const std::uint8_t> right,
              const std::vector<metrics::ReliabilityBin>& bins) {
  Binned result{.bin = {}, .gap = {}, .bins = bins.size()};
  for (std::size_t i = 0; i < confidence.size(); ++i) {
    const auto at = std::lower_bound(bins.begin(), bins.end(), confidence[i],
                                     [](const auto& bin, double value) { return bin.high < value; });
    const auto index = std::min<std::ptrdiff_t>(at - bins.begin(), static_cast<std::ptrdiff_t>(bins.size()) - 1);
    result.bin.push_back(static_cast<std::uint8_t>(index));
    result.gap.push_back((right[i] != 0 ? 1.0 : 0.0) - confidence[i]);
  }
  return result;
}

/// Places of the errors of one binning: of the most likely class, of each class, and these errors' mean.
struct BinningPlan {
  metrics::Binning binning;
  std::vector<metrics::ReliabilityBin> bins;
  std::size_t error, classes, classwise;
};

BinningPlan plan_binning(const Context& context, Resampled& resampled, const metrics::TopClass& top,
                         metrics::Binning binning) {
  BinningPlan plan{.binning = binning,
                   .bins = metrics::reliability_bins(top.confidence, top.right, bin_count, binning),
                   .error = 0,
                   .classes = 0,
                   .classwise = 0};
  plan.error = resampled.add(
      [cases = binned(top.confidence, top.right, plan.bins)](Weights weight) { return cases.error(weight); });
  std::vector<Binned> classes;
  for (std::size_t c = 0; c < context.classes; ++c) {
    const auto probability = metrics::column(context.predictions.probabilities, context.classes, c);
    const auto right = metrics::is_class(context.truth, static_cast<int>(c));
    classes.push_back(binned(probability, right, metrics::reliability_bins(probability, right, bin_count, binning)));
  }
  const std::size_t n = context.classes;
  plan.classes =
      resampled.add(n + 1, [n, classes = std::move(classes)](Weights weight, std::span<std::optional<double>> value) {
        for (std::size_t c = 0; c < n; ++c) value[c] = classes[c].error(weight);
        value[n] = metrics::mean_of_present(value.first(n));
      });
  plan.classwise = plan.classes + n;
  return plan;
}

BinnedReliability filled(const Context& context, const Resampled& drawn, const BinningPlan& plan,
                         const metrics::TopClass& top) {
  BinnedReliability result;
  result.binning = plan.binning;
  result.bins = plan.bins;
  result.error = drawn.basic(plan.error, 0, 1);
  result.classwise = drawn.basic(plan.classwise, 0, 1);
  for (std::size_t c = 0; c < context.classes; ++c) result.class_error.push_back(drawn.basic(plan.classes + c, 0, 1));
  result.perfect =
      metrics::against_perfect_calibration(top.confidence, top.right, bin_count, plan.binning, {.seed = context.seed})
          .value();
  return result;
}

/// The first of the places of BrierEstimates, in its order.
std::size_t plan_brier(const Context& context, Resampled& resampled) {
  const auto bins = std::make_shared<metrics::BrierBins>(context.predictions.probabilities, context.truth,
                                                         context.classes, bin_count);
  return resampled.add(5, [bins](Weights weight, std::span<std::optional<double>> value) {
    const auto parts = bins->parts(weight);
    if (!parts) return;
    value[0] = parts->score;
    value[1] = parts->reliability;
    value[2] = parts->resolution;
    value[3] = parts->uncertainty;
    value[4] = parts->within_variance - parts->within_covariance;
  });
}

}  // namespace

Fill plan_reliability(const Context& context, Resampled& resampled) {
  const metrics::TopClass top = metrics::top_class(context.predictions.probabilities, context.truth, context.classes);
  const BinningPlan width = plan_binning(context, resampled, top, metrics::Binning::equal_width);
  const BinningPlan mass = plan_binning(context, resampled, top, metrics::Binning::equal_mass);
  const std::size_t brier = plan_brier(context, resampled);
  return [=, &context](const Resampled& drawn, Evaluation& result) {
    Reliability& reliability = result.reliability;
    reliability.equal_width = filled(context, drawn, width, top);
    reliability.equal_mass = filled(context, drawn, mass, top);
    // Reliability and resolution can't be negative, and few cases in a bin make both too large.
    reliability.brier = {.score = drawn.estimate(brier),
                         .reliability = drawn.basic(brier + 1, 0, 2),
                         .resolution = drawn.basic(brier + 2, 0, 2),
                         .uncertainty = drawn.estimate(brier + 3),
                         .within = drawn.estimate(brier + 4)};
    const auto& cluster = context.units.of;
    reliability.slope_method = cluster.empty() ? Method::likelihood : Method::sandwich;
    reliability.top_slope = metrics::calibration_slope(top.confidence, top.right, cluster, context.level);
    if (context.malignant.empty()) return;
    reliability.malignant_bins = metrics::reliability_bins(context.share, context.malignant, 10);
    reliability.malignant_slope = metrics::calibration_slope(context.share, context.malignant, cluster, context.level);
  };
}

}  // namespace naevus::evaluate
