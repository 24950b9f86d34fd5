#include "naevus/metrics/calibration_slope.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "check.hpp"
#include "clusters.hpp"
#include "distributions.hpp"

namespace naevus::metrics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// A logistic regression: what is fitted on, and what is added as it is.
struct Regression {
  MatrixXd columns;  // [n, parameters]
  VectorXd offset, outcome;

  VectorXd linear(const VectorXd& at) const { return columns * at + offset; }

  double loss(const VectorXd& at) const {
    double sum = 0;
    const VectorXd eta = linear(at);
    for (Index i = 0; i < eta.size(); ++i)
      sum += std::max(eta(i), 0.0) + std::log1p(std::exp(-std::abs(eta(i)))) - outcome(i) * eta(i);
    return sum;
  }
};

struct Fit {
  VectorXd at;
  MatrixXd information;  // expected, at the fit
  VectorXd residual;
};

/// Newton's method with halved steps; the loss is convex and has a minimum.
Fit fit(const Regression& model) {
  Fit result{VectorXd::Zero(model.columns.cols()), {}, {}};
  double loss = model.loss(result.at);
  for (int step = 0; step < 100; ++step) {
    const VectorXd p = 1 / (1 + (-model.linear(result.at).array()).exp());
    result.residual = model.outcome - p;
    const VectorXd weight = p.array() * (1 - p.array());
    result.information = model.columns.transpose() * weight.asDiagonal() * model.columns;
    const VectorXd gradient = model.columns.transpose() * result.residual;
    VectorXd direction = result.information.ldlt().solve(gradient);
    if (!(gradient.dot(direction) > 1e-20 * (1 + loss))) break;
    double next = model.loss(result.at + direction);
    for (int halved = 0; !(next <= loss) && halved < 50; ++halved) {
      direction /= 2;
      next = model.loss(result.at + direction);
    }
    if (!(next <= loss)) break;
    result.at += direction;
    loss = next;
  }
  return result;
}

MatrixXd covariance(const Regression& model, const Fit& fit, const Clusters* clusters) {
  const MatrixXd bread = fit.information.inverse();
  if (clusters == nullptr) return bread;
  const auto groups = static_cast<double>(clusters->count), n = static_cast<double>(model.columns.rows());
  const Index parameters = model.columns.cols();
  MatrixXd score = MatrixXd::Zero(static_cast<Index>(clusters->count), parameters);
  for (Index i = 0; i < model.columns.rows(); ++i)
    score.row(clusters->of[static_cast<std::size_t>(i)]) += fit.residual(i) * model.columns.row(i);
  const double factor = groups / (groups - 1) * (n - 1) / (n - static_cast<double>(parameters));
  return factor * bread * (score.transpose() * score) * bread;
}

/// No threshold has all positives on one side and all negatives on the other, itself included.
bool overlap(std::span<const double> probability, std::span<const std::uint8_t> positive) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double low[2] = {infinity, infinity}, high[2] = {-infinity, -infinity};
  for (std::size_t i = 0; i < probability.size(); ++i) {
    const int of = positive[i] != 0 ? 1 : 0;
    low[of] = std::min(low[of], probability[i]);
    high[of] = std::max(high[of], probability[i]);
  }
  return high[0] > low[1] && high[1] > low[0];
}

}  // namespace

std::optional<CalibrationSlope> calibration_slope(std::span<const double> probability,
                                                  std::span<const std::uint8_t> positive,
                                                  std::span<const std::uint32_t> cluster, double level) {
  const double z = two_sided_z(level);
  check::same_length(probability.size(), positive.size(), "probabilities and classes");
  check::shares(probability, "probability");
  const Clusters clusters = numbered_clusters(probability.size(), cluster);
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  std::vector<double> clipped(probability.begin(), probability.end());
  for (double& p : clipped) p = std::clamp(p, epsilon, 1 - epsilon);
  if (clusters.count < 2 || !overlap(clipped, positive)) return std::nullopt;

  const auto n = static_cast<Index>(clipped.size());
  Regression slope{MatrixXd::Ones(n, 2), VectorXd::Zero(n), VectorXd(n)};
  for (Index i = 0; i < n; ++i) {
    const double p = clipped[static_cast<std::size_t>(i)];
    slope.columns(i, 1) = std::log(p) - std::log1p(-p);
    slope.outcome(i) = positive[static_cast<std::size_t>(i)] != 0 ? 1 : 0;
  }
  const Regression large{MatrixXd::Ones(n, 1), slope.columns.col(1), slope.outcome};
  const Fit both = fit(slope), intercept = fit(large);
  const Clusters* const grouped = cluster.empty() ? nullptr : &clusters;
  const auto around = [z](double value, double variance) {
    return Interval{value - z * std::sqrt(variance), value + z * std::sqrt(variance)};
  };
  const MatrixXd of_both = covariance(slope, both, grouped), of_large = covariance(large, intercept, grouped);
  return CalibrationSlope{.slope = both.at(1),
                          .intercept = both.at(0),
                          .slope_interval = around(both.at(1), of_both(1, 1)),
                          .intercept_interval = around(both.at(0), of_both(0, 0)),
                          .in_the_large = intercept.at(0),
                          .in_the_large_interval = around(intercept.at(0), of_large(0, 0))};
}

}  // namespace naevus::metrics
