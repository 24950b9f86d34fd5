#pragma once
#include <string>
#include <vector>

#include "naevus/report/chart.hpp"

namespace naevus::report {

/// The HTML of each chart. @param number  makes the ids of its title and description unique in the page
std::string draw(const LineChart& chart, int number);
std::string draw(const BarChart& chart, int number);
std::string draw(const HeatMap& map);

/// Round numbers (1, 2 or 5 times a power of ten apart) inside the range, at most about `most`.
std::vector<double> ticks(const Range& range, int most);
/// A tick's label, without needless digits.
std::string tick_text(double value);

}  // namespace naevus::report
