// Reliability, recalibration and prediction sets against scikit-learn, statsmodels, SciPy, MAPIE and the papers' sums:
// tests/golden/recalibration.json, made by tests/golden/make_recalibration.py.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "naevus/base/file.hpp"
#include "naevus/metrics/calibration.hpp"
#include "naevus/metrics/calibration_slope.hpp"
#include "naevus/metrics/conformal.hpp"
#include "naevus/metrics/isotonic.hpp"
#include "naevus/metrics/vector_scaling.hpp"

namespace naevus::metrics {
namespace {

using nlohmann::json;

constexpr double tolerance = 1e-9;

struct Case {
  json golden;
  std::size_t classes = 0, bins = 0;
  std::vector<int> truth;
  std::vector<double> probabilities, logits;

  std::vector<double> first() const { return column(probabilities, classes, 0); }
  std::vector<std::uint8_t> is_first() const { return is_class(truth, 0); }
};

std::vector<Case> cases() {
  const json file = json::parse(read_text(NAEVUS_SOURCE_DIR "/tests/golden/recalibration.json"));
  std::vector<Case> list;
  for (const json& golden : file.at("cases"))
    list.push_back({golden, golden.at("classes"), golden.at("bins"), golden.at("truth"), golden.at("probabilities"),
                    golden.at("logits")});
  return list;
}

void expect_equal(const std::vector<double>& ours, const json& theirs, double within, const std::string& what) {
  ASSERT_EQ(ours.size(), theirs.size()) << what;
  for (std::size_t i = 0; i < ours.size(); ++i)
    EXPECT_NEAR(ours[i], theirs[i].get<double>(), within) << what << " " << i;
}

TEST(RecalibrationGolden, ReliabilityAndBriersPartsEqualThePapersSums) {
  for (const Case& item : cases())
    for (const auto& [name, binning] :
         {std::pair("width", Binning::equal_width), std::pair("mass", Binning::equal_mass)}) {
      SCOPED_TRACE(item.golden.at("name").get<std::string>() + ", equal " + name);
      const json& golden = item.golden.at("reliability").at(name);
      const TopClass top = top_class(item.probabilities, item.truth, item.classes);
      std::vector<std::vector<double>> filled;
      for (const ReliabilityBin& bin : reliability_bins(top.confidence, top.right, item.bins, binning)) {
        if (bin.count == 0) continue;
        EXPECT_LE(bin.low, bin.confidence);
        EXPECT_GE(bin.high, bin.confidence);
        filled.push_back({static_cast<double>(bin.count), bin.confidence, bin.right});
      }
      ASSERT_EQ(filled.size(), golden.at("bins").size());
      for (std::size_t i = 0; i < filled.size(); ++i) expect_equal(filled[i], golden.at("bins")[i], tolerance, "bin");
      EXPECT_NEAR(expected_calibration_error(item.probabilities, item.truth, item.classes, item.bins, binning).value(),
                  golden.at("error").get<double>(), tolerance);
      expect_equal(classwise_calibration_error(item.probabilities, item.truth, item.classes, item.bins, binning),
                   golden.at("classwise"), tolerance, "classwise");
      const BrierParts parts = BrierBins(item.first(), item.is_first(), item.bins, binning).parts().value();
      const json& brier = golden.at("brier");
      EXPECT_NEAR(parts.score, brier.at("score").get<double>(), tolerance);
      EXPECT_NEAR(parts.reliability, brier.at("reliability").get<double>(), tolerance);
      EXPECT_NEAR(parts.resolution, brier.at("resolution").get<double>(), tolerance);
      EXPECT_NEAR(parts.uncertainty, brier.at("uncertainty").get<double>(), tolerance);
      EXPECT_NEAR(parts.within_variance, brier.at("within_variance").get<double>(), tolerance);
      EXPECT_NEAR(parts.within_covariance, brier.at("within_covariance").get<double>(), tolerance);
    }
}

TEST(RecalibrationGolden, VectorScalingEqualsScipysMinimum) {
  for (const Case& item : cases()) {
    SCOPED_TRACE(item.golden.at("name"));
    const VectorScaling found = fit_vector_scaling(item.logits, item.truth, item.classes);
    expect_equal(found.weight, item.golden.at("vector_scaling").at("weight"), 1e-6, "weight");
    expect_equal(found.bias, item.golden.at("vector_scaling").at("bias"), 1e-6, "bias");
  }
}

TEST(RecalibrationGolden, IsotonicRegressionEqualsScikitLearns) {
  for (const Case& item : cases()) {
    SCOPED_TRACE(item.golden.at("name"));
    const IsotonicFit fit = fit_isotonic(item.first(), item.is_first());
    std::vector<double> ours;
    for (const double at : item.golden.at("isotonic").at("at").get<std::vector<double>>()) ours.push_back(fit(at));
    expect_equal(ours, item.golden.at("isotonic").at("probability"), tolerance, "probability");
  }
}

TEST(RecalibrationGolden, SlopesAndTheirIntervalsEqualStatsmodels) {
  for (const Case& item : cases())
    for (const bool clustered : {false, true}) {
      SCOPED_TRACE(item.golden.at("name").get<std::string>() + (clustered ? ", clustered" : ""));
      std::vector<std::uint32_t> cluster;
      if (clustered) cluster = item.golden.at("cluster").get<std::vector<std::uint32_t>>();
      const CalibrationSlope found = calibration_slope(item.first(), item.is_first(), cluster).value();
      const json& golden = item.golden.at(clustered ? "clustered_slope" : "slope");
      const auto row = [](double value, const Interval& interval) {
        return std::vector<double>{value, interval.low, interval.high};
      };
      expect_equal(row(found.slope, found.slope_interval), golden.at("slope"), 1e-8, "slope");
      expect_equal(row(found.intercept, found.intercept_interval), golden.at("intercept"), 1e-8, "intercept");
      expect_equal(row(found.in_the_large, found.in_the_large_interval), golden.at("in_the_large"), 1e-8, "large");
    }
}

TEST(RecalibrationGolden, PredictionSetsEqualMapiesAndThePapers) {
  for (const Case& item : cases()) {
    SCOPED_TRACE(item.golden.at("name"));
    const std::size_t half = item.truth.size() / 2;
    const auto fit_p = std::span(item.probabilities).first(half * item.classes);
    const auto other_p = std::span(item.probabilities).subspan(half * item.classes);
    const auto fit_y = std::span(item.truth).first(half);
    for (const json& golden : item.golden.at("conformal")) {
      SCOPED_TRACE(golden.at("alpha"));
      const auto sets = [&](SetScore score, bool by_class) {
        return prediction_sets(other_p,
                               fit_conformal(fit_p, fit_y, item.classes, {golden.at("alpha"), score, by_class}));
      };
      EXPECT_EQ(sets(SetScore::least_ambiguous, false), golden.at("least").get<std::vector<std::uint8_t>>());
      EXPECT_EQ(sets(SetScore::adaptive, false), golden.at("adaptive").get<std::vector<std::uint8_t>>());
      EXPECT_EQ(sets(SetScore::least_ambiguous, true), golden.at("by_class").get<std::vector<std::uint8_t>>());
    }
  }
}

}  // namespace
}  // namespace naevus::metrics
