#include "naevus/metrics/isotonic.hpp"

#include <algorithm>
#include <cmath>

#include "naevus/base/error.hpp"
#include "naevus/metrics/ranked_scores.hpp"

namespace naevus::metrics {

double IsotonicFit::operator()(double at) const {
  const auto above = std::lower_bound(score.begin(), score.end(), at);
  if (above == score.begin()) return probability.front();
  if (above == score.end()) return probability.back();
  const auto i = static_cast<std::size_t>(above - score.begin());
  return std::lerp(probability[i - 1], probability[i], (at - score[i - 1]) / (score[i] - score[i - 1]));
}

IsotonicFit fit_isotonic(std::span<const double> score, std::span<const std::uint8_t> positive) {
  const std::vector<RankedScores::Called> called = RankedScores(score, positive).called();
  if (called.empty()) throw InputError("there are no cases to fit on");
  struct Block {
    double positives, cases, lowest, highest;
    double mean() const { return positives / cases; }
  };
  // From the lowest score up: a block that is not above the one before it joins it.
  std::vector<Block> blocks;
  for (std::size_t i = called.size(); i-- > 0;) {
    const RankedScores::Called before = i > 0 ? called[i - 1] : RankedScores::Called{};
    const auto positives = static_cast<double>(called[i].positives - before.positives);
    const auto negatives = static_cast<double>(called[i].negatives - before.negatives);
    blocks.push_back({positives, positives + negatives, called[i].threshold, called[i].threshold});
    while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() >= blocks.back().mean()) {
      const Block last = blocks.back();
      blocks.pop_back();
      blocks.back().positives += last.positives;
      blocks.back().cases += last.cases;
      blocks.back().highest = last.highest;
    }
  }
  IsotonicFit fit;
  for (const Block& block : blocks) {
    fit.score.push_back(block.lowest);
    fit.probability.push_back(block.mean());
    if (block.highest == block.lowest) continue;
    fit.score.push_back(block.highest);
    fit.probability.push_back(block.mean());
  }
  return fit;
}

}  // namespace naevus::metrics
