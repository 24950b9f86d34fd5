#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "draw.hpp"
#include "naevus/report/page.hpp"

namespace naevus::report {
namespace {

constexpr double left = 130, width = 700, right = 520, row = 30, top = 6;

double place(const Range& range, double value) {
  const double share = range.high > range.low ? (value - range.low) / (range.high - range.low) : 0;
  return left + std::clamp(share, 0.0, 1.0) * (right - left);
}

std::string draw_bar(const Bar& bar, const Range& range, double y) {
  std::string svg = fmt::format("<text class=\"value\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
                                left - 9, y + row / 2 + 4.5, escape(bar.label));
  if (std::isfinite(bar.value))
    svg += fmt::format("<rect class=\"bar\" x=\"{}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\" rx=\"2\"/>", left,
                       y + 6, place(range, bar.value) - left, row - 12);
  if (bar.interval && std::isfinite(bar.interval->low) && std::isfinite(bar.interval->high))
    svg += fmt::format("<path class=\"interval\" d=\"M{0:.1f} {2:.1f}H{1:.1f}M{0:.1f} {3:.1f}v8M{1:.1f} {3:.1f}v8\"/>",
                       place(range, bar.interval->low), place(range, bar.interval->high), y + row / 2, y + row / 2 - 4);
  return svg + fmt::format("<text class=\"value\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", right + 10, y + row / 2 + 4.5,
                           escape(bar.text));
}

}  // namespace

std::string draw(const BarChart& chart, int number) {
  const double bottom = top + row * static_cast<double>(chart.bars.size());
  std::string html = fmt::format(
      "<figure class=\"chart\"><h3 id=\"title{0}\">{1}</h3>\n<svg viewBox=\"0 0 {2} {3:.0f}\" role=\"img\" "
      "aria-labelledby=\"title{0} text{0}\"><title>{1}</title><desc id=\"text{0}\">{4}</desc>\n",
      number, escape(chart.title), width, bottom + 24, escape(chart.description));
  for (const double value : ticks(chart.range, 6)) {
    const double x = place(chart.range, value);
    html += fmt::format(
        "<line class=\"grid\" x1=\"{0:.1f}\" y1=\"{1}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\"/><text x=\"{0:.1f}\" "
        "y=\"{3:.1f}\" text-anchor=\"middle\">{4}</text>\n",
        x, top, bottom, bottom + 18, tick_text(value));
  }
  for (std::size_t i = 0; i < chart.bars.size(); ++i)
    html += draw_bar(chart.bars[i], chart.range, top + row * static_cast<double>(i));
  return html + "</svg></figure>\n";
}

}  // namespace naevus::report
