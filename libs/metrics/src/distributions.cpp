#include "distributions.hpp"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numbers>

#include "check.hpp"

namespace naevus::metrics {
namespace {

boost::math::binomial fair(std::uint64_t trials) {
  return {static_cast<double>(trials), 0.5};
}

}  // namespace

double two_sided_z(double level) {
  check::open_share(level, "the level");
  return std::numbers::sqrt2 * boost::math::erf_inv(level);
}

double two_sided_p(double z) {
  return std::erfc(std::abs(z) / std::numbers::sqrt2);
}

double fair_binomial_at_most(std::uint64_t k, std::uint64_t trials) {
  return boost::math::cdf(fair(trials), static_cast<double>(k));
}

double fair_binomial_exactly(std::uint64_t k, std::uint64_t trials) {
  return boost::math::pdf(fair(trials), static_cast<double>(k));
}

double beta_quantile(double a, double b, double share) {
  return boost::math::quantile(boost::math::beta_distribution<>(a, b), share);
}

}  // namespace naevus::metrics
