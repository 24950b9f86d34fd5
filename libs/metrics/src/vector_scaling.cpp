#include "naevus/metrics/vector_scaling.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <cmath>

#include "check.hpp"
#include "naevus/base/error.hpp"

namespace naevus::metrics {
namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Rows = Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

constexpr double prior_precision = 0.01;

/// The loss to be minimised, of the weights and then the biases.
struct Loss {
  Rows logits;
  std::span<const int> truth;

  Index classes() const { return logits.cols(); }

  VectorXd from_prior(const VectorXd& at) const {
    VectorXd off = at;
    off.head(classes()).array() -= 1;
    return off;
  }

  ArrayXd scaled_row(const VectorXd& at, Index i) const {
    return logits.row(i).transpose().array() * at.head(classes()).array() + at.tail(classes()).array();
  }

  double value(const VectorXd& at) const {
    double sum = prior_precision / 2 * from_prior(at).squaredNorm();
    for (Index i = 0; i < logits.rows(); ++i) {
      const ArrayXd row = scaled_row(at, i);
      const double top = row.maxCoeff();
      sum += std::log((row - top).exp().sum()) + top - row(truth[static_cast<std::size_t>(i)]);
    }
    return sum;
  }

  void derivatives(const VectorXd& at, VectorXd& gradient, MatrixXd& hessian) const {
    const Index k = classes();
    gradient = prior_precision * from_prior(at);
    hessian = prior_precision * MatrixXd::Identity(2 * k, 2 * k);
    MatrixXd spread(k, k);
    for (Index i = 0; i < logits.rows(); ++i) {
      const VectorXd logit = logits.row(i).transpose();
      const ArrayXd row = scaled_row(at, i);
      VectorXd p = (row - row.maxCoeff()).exp().matrix();
      p /= p.sum();
      spread = -p * p.transpose();
      spread.diagonal() += p;
      hessian.topLeftCorner(k, k) += logit.asDiagonal() * spread * logit.asDiagonal();
      hessian.topRightCorner(k, k) += logit.asDiagonal() * spread;
      hessian.bottomRightCorner(k, k) += spread;
      p(truth[static_cast<std::size_t>(i)]) -= 1;
      gradient.head(k) += logit.cwiseProduct(p);
      gradient.tail(k) += p;
    }
    hessian.bottomLeftCorner(k, k) = hessian.topRightCorner(k, k).transpose();
  }
};

}  // namespace

VectorScaling fit_vector_scaling(std::span<const double> logits, std::span<const int> truth, std::size_t classes) {
  check::table(logits, truth, classes, "logits and truths");
  if (truth.empty()) throw InputError("there are no cases to fit the scaling on");
  const auto k = static_cast<Index>(classes);
  const Loss loss{{logits.data(), static_cast<Index>(truth.size()), k}, truth};
  VectorXd at(2 * k), gradient;
  at << VectorXd::Ones(k), VectorXd::Zero(k);
  MatrixXd hessian;
  double value = loss.value(at);
  for (int step = 0; step < 200; ++step) {
    loss.derivatives(at, gradient, hessian);
    const VectorXd direction = hessian.ldlt().solve(gradient);
    // What the step promises, half of Newton's decrement squared, is no more than rounding: done.
    const double promised = gradient.dot(direction);
    if (!(promised > 1e-14 * (1 + value))) break;
    double length = 1, next = loss.value(at - direction);
    while (!(next <= value - 0.1 * length * promised) && length > 1e-9) {
      length /= 2;
      next = loss.value(at - length * direction);
    }
    if (!(next < value)) break;
    at -= length * direction;
    value = next;
  }
  return {{at.data(), at.data() + k}, {at.data() + k, at.data() + 2 * k}};
}

std::vector<double> scaled(std::span<const double> logits, const VectorScaling& scaling) {
  const std::size_t classes = scaling.weight.size();
  check::same_length(classes, scaling.bias.size(), "weights and biases");
  check::rows(logits, classes, "logits");
  std::vector<double> result(logits.size());
  for (std::size_t i = 0; i < logits.size(); ++i)
    result[i] = scaling.weight[i % classes] * logits[i] + scaling.bias[i % classes];
  return result;
}

}  // namespace naevus::metrics
