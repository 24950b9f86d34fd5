#include "naevus/metrics/association.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "check.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/random.hpp"

namespace naevus::metrics {
namespace {

constexpr std::size_t max_values = 65536;

/// A property with its values numbered from 0 without gaps.
struct Property {
  std::vector<std::uint32_t> value;
  std::vector<double> count;  ///< of each value

  explicit Property(std::span<const int> raw) {
    check::indices(raw, max_values);
    std::vector<std::uint32_t> number(max_values, max_values);
    for (const int v : raw) {
      std::uint32_t& own = number[static_cast<std::size_t>(v)];
      if (own == max_values) {
        own = static_cast<std::uint32_t>(count.size());
        count.push_back(0);
      }
      ++count[own];
      value.push_back(own);
    }
  }
};

/// Two properties of the same cases, whose second values can be dealt out anew. The cases with the first property's
/// commonest value get what is left, so they are never touched: an artefact of few pictures costs few swaps.
class CrossTable {
 public:
  CrossTable(const Property& first, const Property& second)
      : common_(
            static_cast<std::size_t>(std::max_element(first.count.begin(), first.count.end()) - first.count.begin())),
        first_(first),
        second_(second),
        cell_(first.count.size() * second.count.size()) {
    for (std::size_t i = 0; i < first.value.size(); ++i)
      if (first.value[i] != common_) row_.push_back(first.value[i]), dealt_.push_back(second.value[i]);
    for (std::size_t i = 0; i < first.value.size(); ++i)
      if (first.value[i] == common_) dealt_.push_back(second.value[i]);
  }

  /// Draws the second values of all cases but the common ones anew, without replacement.
  void deal(Random& random) {
    for (std::size_t i = 0; i < row_.size(); ++i) std::swap(dealt_[i], dealt_[i + random.below(dealt_.size() - i)]);
  }

  /// Sum over the cells of observed² / (row * column): chi² / n + 1.
  double statistic() {
    const std::size_t columns = second_.count.size();
    std::fill(cell_.begin(), cell_.end(), 0.0);
    for (std::size_t i = 0; i < row_.size(); ++i) ++cell_[row_[i] * columns + dealt_[i]];
    double sum = 0;
    for (std::size_t c = 0; c < columns; ++c) {
      double left = second_.count[c];
      for (std::size_t r = 0; r < first_.count.size(); ++r) {
        if (r == common_) continue;
        const double observed = cell_[r * columns + c];
        left -= observed;
        sum += observed * observed / (first_.count[r] * second_.count[c]);
      }
      sum += left * left / (first_.count[common_] * second_.count[c]);
    }
    return sum;
  }

 private:
  std::size_t common_;  ///< the first property's commonest value
  const Property& first_;
  const Property& second_;
  std::vector<std::uint32_t> row_;    ///< first values but the common ones
  std::vector<std::uint32_t> dealt_;  ///< second values: of those cases, then of the others
  std::vector<double> cell_;
};

double corrected_v(double phi_squared, double rows, double columns, double cases) {
  const double corrected = std::max(0.0, phi_squared - (rows - 1) * (columns - 1) / (cases - 1));
  const double fewer_rows = rows - (rows - 1) * (rows - 1) / (cases - 1);
  const double fewer_columns = columns - (columns - 1) * (columns - 1) / (cases - 1);
  const double room = std::min(fewer_rows, fewer_columns) - 1;
  return room > 0 ? std::min(1.0, std::sqrt(corrected / room)) : 0;
}

}  // namespace

std::optional<Association> association(std::span<const int> first, std::span<const int> second,
                                       const AssociationOptions& options) {
  check::same_length(first.size(), second.size(), "the two properties");
  if (options.permutations < 1) throw InputError("there must be at least one permutation");
  const Property a(first), b(second);
  if (a.count.size() < 2 || b.count.size() < 2) return std::nullopt;

  CrossTable table(a, b);
  const double observed = table.statistic();
  // Equal tables whose cells are summed in another order must not count as smaller.
  const double as_large = observed * (1 - 1e-12);
  int reached = 1;
  for (int i = 0; i < options.permutations; ++i) {
    Random random(options.seed, {static_cast<std::uint64_t>(i)});
    table.deal(random);
    if (table.statistic() >= as_large) ++reached;
  }
  const double phi_squared = std::max(0.0, observed - 1);
  const auto rows = static_cast<double>(a.count.size()), columns = static_cast<double>(b.count.size());
  return Association{.cramers_v = std::min(1.0, std::sqrt(phi_squared / (std::min(rows, columns) - 1))),
                     .corrected_v = corrected_v(phi_squared, rows, columns, static_cast<double>(first.size())),
                     .p_value = static_cast<double>(reached) / (options.permutations + 1)};
}

}  // namespace naevus::metrics
