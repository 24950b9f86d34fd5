#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "html_parts.hpp"
#include "naevus/base/progress.hpp"
#include "words.hpp"

namespace naevus::evaluate::html {
namespace {

void add_reliability_chart(report::Page& page, const Evaluation& evaluation) {
  const auto& bins = evaluation.reliability.equal_width.bins;
  report::LineChart chart = square_chart("Reliability of the most likely class's probability",
                                         "mean probability in the bin", "share called right");
  chart.series.push_back({"perfect", {0, 1}, {0, 1}, true});
  report::Series dots{
      .name = "15 bins of equal width, the area of a dot as its pictures; bars: 95 % (Wilson)", .x = {}, .y = {}};
  std::uint64_t most = 1;
  for (const auto& bin : bins) most = std::max(most, bin.count);
  for (const auto& bin : bins) {
    const auto interval = metrics::right_interval(bin);
    if (!interval) continue;
    dots.x.push_back(bin.confidence);
    dots.y.push_back(bin.right);
    dots.dot.push_back(std::sqrt(static_cast<double>(bin.count) / static_cast<double>(most)));
    dots.interval.push_back({interval->low, interval->high});
    chart.description += fmt::format("{} pictures at {:.2f}: {:.2f} right. ", bin.count, bin.confidence, bin.right);
  }
  chart.series.push_back(std::move(dots));
  page.add(chart);
}

void add_bins(report::Page& page, const Evaluation& evaluation) {
  report::Table table{
      .caption = "The bins, of equal width and of equal mass.",
      .columns = {"probability", "pictures", "mean", "right", "probability ", "pictures ", "mean ", "right "},
      .rows = {}};
  const auto cells = [](const std::vector<metrics::ReliabilityBin>& bins, std::size_t i) {
    if (i >= bins.size()) return std::vector<std::string>(4);
    const auto& bin = bins[i];
    const std::string range = fmt::format("{:.3f}–{:.3f}", bin.low, bin.high);
    if (bin.count == 0) return std::vector<std::string>{range, "0", "–", "–"};
    return std::vector<std::string>{range, grouped(bin.count), words::number(bin.confidence), words::number(bin.right)};
  };
  const auto &width = evaluation.reliability.equal_width.bins, &mass = evaluation.reliability.equal_mass.bins;
  for (std::size_t i = 0; i < std::max(width.size(), mass.size()); ++i) {
    auto row = cells(width, i);
    const auto second = cells(mass, i);
    row.insert(row.end(), second.begin(), second.end());
    table.rows.push_back(std::move(row));
  }
  page.add(table);
}

void add_errors(report::Page& page, const Evaluation& evaluation) {
  report::Table table{.caption =
                          "Calibration error (ECE), 15 bins, against what a perfectly calibrated model with the same "
                          "probabilities shows in 1,000 simulations.",
                      .columns = {"bins", "error", "perfect: mean", "perfect: 95 % below", "p", "mean of the classes"},
                      .rows = {}};
  const auto add = [&](const char* name, const BinnedReliability& bins) {
    table.rows.push_back({name, fmt::format("{:.4f}\n{}", bins.perfect.error, words::interval(bins.error.interval)),
                          words::number(bins.perfect.expected, 4), words::number(bins.perfect.limit, 4),
                          words::number(bins.perfect.p_value), two_lines(words::estimate(bins.classwise))});
  };
  add("equal width", evaluation.reliability.equal_width);
  add("equal mass", evaluation.reliability.equal_mass);
  page.add(table);
  page.paragraph(
      "The intervals are those of the basic bootstrap, which takes off the bias that few cases bring to an error that "
      "can't "
      "be negative: they may lie below the value itself.");
  report::Table classes{.caption = "Calibration error of each class's own probability.",
                        .columns = {"class", "equal width", "equal mass"},
                        .rows = {}};
  for (std::size_t c = 0; c < evaluation.classes.size(); ++c)
    classes.rows.push_back({evaluation.classes[c].name,
                            two_lines(words::estimate(evaluation.reliability.equal_width.class_error[c])),
                            two_lines(words::estimate(evaluation.reliability.equal_mass.class_error[c]))});
  page.add(classes);
}

void add_slopes(report::Page& page, const Evaluation& evaluation) {
  const Reliability& reliability = evaluation.reliability;
  report::Table table{.caption =
                          "Logistic recalibration (Cox 1958). A slope below 1 says that the probabilities are too "
                          "extreme, an intercept in the large above 0 that they are too low.",
                      .columns = {"of", "slope", "in the large"},
                      .rows = {}};
  const auto add = [&](const char* name, const std::optional<metrics::CalibrationSlope>& fit) {
    if (!fit) return;
    table.rows.push_back(
        {name, two_lines(words::estimate({fit->slope, fit->slope_interval, reliability.slope_method})),
         two_lines(words::estimate({fit->in_the_large, fit->in_the_large_interval, reliability.slope_method}))});
  };
  add("the most likely class's probability", reliability.top_slope);
  add("the malignant share", reliability.malignant_slope);
  if (!table.rows.empty()) page.add(table);
}

void add_brier(report::Page& page, const BrierEstimates& parts) {
  page.add(
      report::Table{.caption = "Brier score = reliability − resolution + uncertainty + within the bins (Murphy 1973).",
                    .columns = {"part", "value"},
                    .rows = {{"Brier score", words::estimate(parts.score)},
                             {"reliability: 0 is best", words::estimate(parts.reliability)},
                             {"resolution: more is better", words::estimate(parts.resolution)},
                             {"uncertainty of the pictures, whatever the model", words::estimate(parts.uncertainty)},
                             {"within the bins", words::estimate(parts.within)}}});
}

void add_sets(report::Page& page, const Evaluation& evaluation) {
  if (!evaluation.sets) return;
  const SetCoverage& found = *evaluation.sets;
  page.heading("Prediction sets").paragraph(words::sets(evaluation) + ".");
  report::Table table{.caption = "Sets that hold the truth.", .columns = {"class", "pictures", "covered"}, .rows = {}};
  for (std::size_t c = 0; c < found.class_coverage.size(); ++c)
    table.rows.push_back(
        {evaluation.classes[c].name, grouped(found.scores.class_cases[c]), words::percent(found.class_coverage[c])});
  table.rows.push_back({"all", grouped(found.scores.cases), words::percent(found.coverage)});
  page.add(table);
  page.paragraph(
      fmt::format("{} of the sets are empty. The limits were fitted by split conformal prediction on the "
                  "calibration pictures, which fitted the calibration too.",
                  words::percent(found.empty)));
}

}  // namespace

void add_calibration(report::Page& page, const Evaluation& evaluation) {
  page.heading("Calibration").paragraph(words::calibration(evaluation) + ".");
  add_reliability_chart(page, evaluation);
  add_errors(page, evaluation);
  add_slopes(page, evaluation);
  add_brier(page, evaluation.reliability.brier);
  add_bins(page, evaluation);
  add_sets(page, evaluation);
}

}  // namespace naevus::evaluate::html
