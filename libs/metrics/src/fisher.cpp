#include "naevus/metrics/fisher.hpp"

#include <boost/math/distributions/hypergeometric.hpp>
#include <boost/math/policies/policy.hpp>

#include "naevus/base/error.hpp"

namespace naevus::metrics {

double fisher_greater(const Share& first, const Share& second) {
  for (const Share* share : {&first, &second})
    if (share->hits > share->cases) throw InputError("more hits than cases");
  const std::uint32_t hits = first.hits + second.hits;
  if (first.hits == 0 || second.cases == 0) return 1;
  using Whole = boost::math::policies::policy<
      boost::math::policies::discrete_quantile<boost::math::policies::integer_round_nearest>>;
  const boost::math::hypergeometric_distribution<double, Whole> drawn(hits, first.cases, first.cases + second.cases);
  const std::uint32_t least = hits > second.cases ? hits - second.cases : 0;  // that the first must have
  if (first.hits <= least) return 1;
  return boost::math::cdf(boost::math::complement(drawn, first.hits - 1));
}

}  // namespace naevus::metrics
