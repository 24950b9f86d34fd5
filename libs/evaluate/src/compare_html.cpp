#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "compare_words.hpp"
#include "html_parts.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/metrics/roc.hpp"
#include "naevus/report/page.hpp"
#include "words.hpp"

namespace naevus::evaluate {
namespace {

constexpr std::size_t left_out_shown = 200;

std::string file_name(const Predictions& predictions) {
  return std::filesystem::path(predictions.source).filename().string();
}

void add_figures(report::Page& page, const Comparison& comparison) {
  std::vector<report::Figure> figures;
  constexpr std::size_t shown = 5;
  for (const ComparedScore& score : comparison.scores) {
    if (figures.size() == shown) break;
    if (!score.p_value) continue;
    figures.push_back({words::name(score) + ", A − B", words::difference(score),
                       fmt::format("95 %: {}, p {}", words::interval(score.interval), words::p_value(score.p_value))});
  }
  page.add(figures);
}

void add_scores(report::Page& page, const Comparison& comparison) {
  report::Table table{.caption = "The same pictures, judged by both. –: does not exist for these pictures.",
                      .columns = {"score", "A", "B", "A − B", "p", "only A right", "only B right", "method"},
                      .rows = {}};
  const auto count = [](const std::optional<std::uint64_t>& value) { return value ? grouped(*value) : ""; };
  for (const ComparedScore& score : comparison.scores)
    table.rows.push_back({words::name(score), words::number(score.first), words::number(score.second),
                          words::difference(score) + "\n" + words::interval(score.interval),
                          words::p_value(score.p_value), count(score.only_first), count(score.only_second),
                          score.missing.empty() ? score.method : score.missing});
  page.heading("Scores").add(table);
}

void add_malignant_roc(report::Page& page, const Comparison& comparison) {
  if (comparison.first.malignant.empty()) return;
  const std::set<std::string> names(comparison.first.malignant.begin(), comparison.first.malignant.end());
  std::vector<std::uint8_t> positive;
  for (const Case& item : comparison.first.cases) positive.push_back(names.contains(item.label) ? 1 : 0);
  const auto positives = std::count(positive.begin(), positive.end(), 1);
  if (positives == 0 || static_cast<std::size_t>(positives) == positive.size()) return;
  report::LineChart chart = html::roc_chart("Malignant classes against the others");
  for (const auto& [letter, side] : {std::pair("A", &comparison.first), std::pair("B", &comparison.second)}) {
    const std::vector<double> share = side->malignant_probability();
    const metrics::RocCurve roc = metrics::roc_curve(share, positive);
    const std::string name =
        fmt::format("{}: {}, AUC {}", letter, file_name(*side), words::number(metrics::roc_auc(share, positive)));
    chart.series.push_back({name, roc.false_positive_rate, roc.true_positive_rate});
    chart.description += name + ". ";
  }
  page.heading("Receiver operating characteristic").add(chart);
}

void add_calls(report::Page& page, const Comparison& comparison) {
  const auto& names = comparison.first.classes;
  page.heading("Where they agree").paragraph(words::agreement(comparison) + ".");
  page.add(report::HeatMap{.caption = "Pictures by what A and B call them. Framed: the same.",
                           .row_title = "A calls it",
                           .column_title = "B calls it",
                           .rows = names,
                           .columns = names,
                           .count = {comparison.calls.count.begin(), comparison.calls.count.end()}});
}

void add_left_out(report::Page& page, const std::vector<LeftOut>& cases) {
  if (cases.empty()) return;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < std::min(cases.size(), left_out_shown); ++i)
    lines.push_back(cases[i].image + ": " + cases[i].reason);
  if (cases.size() > left_out_shown)
    lines.push_back(fmt::format("and {} more", grouped(cases.size() - left_out_shown)));
  page.heading("Left out").list(lines);
}

}  // namespace

std::string to_html(const Comparison& comparison) {
  report::Page page(fmt::format("{} and {} compared", file_name(comparison.first), file_name(comparison.second)),
                    words::compared_cases(comparison));
  for (const std::string& warning : comparison.warnings) page.warning(warning);
  page.list({"A: " + comparison.first.source, "B: " + comparison.second.source});
  add_figures(page, comparison);
  add_scores(page, comparison);
  page.list(comparison.methods());
  add_malignant_roc(page, comparison);
  add_calls(page, comparison);
  add_left_out(page, comparison.left_out);
  return page.html();
}

}  // namespace naevus::evaluate
