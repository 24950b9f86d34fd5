#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "draw.hpp"
#include "naevus/base/error.hpp"
#include "naevus/report/page.hpp"

namespace naevus::report {
namespace {

constexpr std::array<const char*, 4> dashes{"none", "8 4", "2 4", "10 4 2 4"};
constexpr std::size_t colours = 8;

/// Where the axes stand in the drawing, in its units.
struct Frame {
  double left = 56, top = 10, right = 0, bottom = 0;
  Range x, y;
  double place_x(double value) const { return left + (value - x.low) / (x.high - x.low) * (right - left); }
  double place_y(double value) const { return bottom - (value - y.low) / (y.high - y.low) * (bottom - top); }
};

/// The range that the points need, a little wider where it would be a single value.
Range needed(const LineChart& chart, const std::vector<double> Series::* axis) {
  Range range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (const Series& series : chart.series)
    for (const double value : series.*axis) {
      if (!std::isfinite(value)) continue;
      range.low = std::min(range.low, value);
      range.high = std::max(range.high, value);
    }
  if (range.low > range.high) return {0, 1};
  if (range.low == range.high) return {range.low - 0.5, range.high + 0.5};
  return range;
}

/// Widened to the next round numbers.
Range rounded(Range range) {
  const std::vector<double> marks = ticks(range, 6);
  if (marks.size() < 2) return range;
  const double step = marks[1] - marks[0];
  return {std::floor(range.low / step + 1e-9) * step, std::ceil(range.high / step - 1e-9) * step};
}

std::string axes(const LineChart& chart, const Frame& frame) {
  std::string svg;
  for (const double value : ticks(frame.x, 8)) {
    const double x = frame.place_x(value);
    svg += fmt::format("<line class=\"grid\" x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\"/>", x,
                       frame.top, frame.bottom);
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", x, frame.bottom + 17,
                       tick_text(value));
  }
  for (const double value : ticks(frame.y, 6)) {
    const double y = frame.place_y(value);
    svg += fmt::format("<line class=\"grid\" x1=\"{1:.1f}\" y1=\"{0:.1f}\" x2=\"{2:.1f}\" y2=\"{0:.1f}\"/>", y,
                       frame.left, frame.right);
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", frame.left - 7, y + 4.5,
                       tick_text(value));
  }
  svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
                     (frame.left + frame.right) / 2, frame.bottom + 37, escape(chart.x));
  const double middle = (frame.top + frame.bottom) / 2;
  svg += fmt::format(
      "<text x=\"14\" y=\"{0:.1f}\" text-anchor=\"middle\" transform=\"rotate(-90 14 {0:.1f})\">{1}</text>\n", middle,
      escape(chart.y));
  return svg;
}

/// The path of a line; points closer than a third of a unit to the one before are left out, the last of a stretch never
/// is.
std::string path(const Series& series, const Frame& frame) {
  std::string text;
  double last_x = 0, last_y = 0;
  bool drawing = false;
  const auto shown = [&](std::size_t i) {
    return i < series.x.size() && std::isfinite(series.x[i]) && std::isfinite(series.y[i]);
  };
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    if (!shown(i)) {
      drawing = false;
      continue;
    }
    const double x = std::clamp(frame.place_x(series.x[i]), frame.left, frame.right);
    const double y = std::clamp(frame.place_y(series.y[i]), frame.top, frame.bottom);
    if (drawing && shown(i + 1) && std::hypot(x - last_x, y - last_y) < 0.33) continue;
    text += fmt::format("{}{:.1f} {:.1f}", drawing ? "L" : "M", x, y);
    if (!drawing && !shown(i + 1)) text += "h.1";  // a point by itself
    last_x = x;
    last_y = y;
    drawing = true;
  }
  return text;
}

std::string colour(std::size_t index) {
  return fmt::format("var(--s{})", index % colours);
}

/// The dots of a series, each over the bar of its interval.
std::string dots(const Series& series, const Frame& frame, std::size_t index) {
  constexpr double largest = 9, smallest = 2;
  std::string svg;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    if (!std::isfinite(series.x[i]) || !std::isfinite(series.y[i])) continue;
    const double x = std::clamp(frame.place_x(series.x[i]), frame.left, frame.right);
    const double y = std::clamp(frame.place_y(series.y[i]), frame.top, frame.bottom);
    if (!series.interval.empty())
      svg += fmt::format("<path class=\"bars\" stroke=\"{}\" d=\"M{:.1f} {:.1f}V{:.1f}\"/>", colour(index), x,
                         std::clamp(frame.place_y(series.interval[i].low), frame.top, frame.bottom),
                         std::clamp(frame.place_y(series.interval[i].high), frame.top, frame.bottom));
    svg += fmt::format("<circle class=\"dot\" fill=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\"/>\n", colour(index),
                       x, y, smallest + (largest - smallest) * std::clamp(series.dot[i], 0.0, 1.0));
  }
  return svg;
}

/// Colour first, then the dash pattern; every line has its own pair, neighbours differ in both.
std::string stroke(std::size_t index) {
  return fmt::format("stroke=\"{}\" stroke-dasharray=\"{}\" stroke-linecap=\"round\"", colour(index),
                     dashes[(index + index / colours) % dashes.size()]);
}

std::string legend(const LineChart& chart) {
  std::string items;
  std::size_t index = 0;
  for (const Series& series : chart.series) {
    if (series.faint) continue;
    if (!series.dot.empty()) {
      items += fmt::format(
          "<li><svg viewBox=\"0 0 30 10\" aria-hidden=\"true\"><circle class=\"dot\" fill=\"{}\" cx=\"15\" cy=\"5\" "
          "r=\"4.5\"/></svg>{}</li>\n",
          colour(index++), escape(series.name));
      continue;
    }
    items += fmt::format(
        "<li><svg viewBox=\"0 0 30 10\" aria-hidden=\"true\"><path class=\"line\" {} d=\"M2 5H28\"/></svg>{}</li>\n",
        stroke(index++), escape(series.name));
  }
  return items.empty() ? items : "<ul class=\"legend\">\n" + items + "</ul>\n";
}

}  // namespace

std::string draw(const LineChart& chart, int number) {
  for (const Series& series : chart.series) {
    const auto fits = [&](std::size_t size) { return size == 0 || size == series.x.size(); };
    if (series.x.size() != series.y.size() || !fits(series.dot.size()) || !fits(series.interval.size()))
      throw InputError("a line has not as many x as y values, dots or intervals", chart.title + ": " + series.name);
  }
  const double width = chart.square ? 460 : 700, height = chart.square ? 450 : 340;
  const Frame frame{.right = width - 14,
                    .bottom = height - 46,
                    .x = chart.x_range.value_or(needed(chart, &Series::x)),
                    .y = chart.y_range.value_or(rounded(needed(chart, &Series::y)))};
  std::string html = fmt::format(
      "<figure class=\"chart{}\"><h3 id=\"title{}\">{}</h3>\n<svg viewBox=\"0 0 {} {}\" role=\"img\" "
      "aria-labelledby=\"title{} text{}\"><title>{}</title><desc id=\"text{}\">{}</desc>\n",
      chart.square ? " square" : "", number, escape(chart.title), width, height, number, number, escape(chart.title),
      number, escape(chart.description));
  html += axes(chart, frame);
  std::size_t index = 0;
  for (const Series& series : chart.series) {
    if (!series.dot.empty()) {
      html += dots(series, frame, index++);
      continue;
    }
    const std::string look = series.faint ? "class=\"faint\"" : "class=\"line\" " + stroke(index++);
    html += fmt::format("<path {} d=\"{}\"/>\n", look, path(series, frame));
  }
  return html + "</svg>\n" + legend(chart) + "</figure>\n";
}

}  // namespace naevus::report
