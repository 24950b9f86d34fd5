#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "html_parts.hpp"
#include "naevus/base/progress.hpp"
#include "words.hpp"

namespace naevus::evaluate::html {
namespace {

std::vector<std::string> decision_row(const Decision& at) {
  return {rule_name(at.rule, at.aim),
          at.threshold ? words::number(*at.threshold, 4) : "none",
          two_lines(words::estimate(at.sensitivity)),
          two_lines(words::estimate(at.specificity)),
          two_lines(words::estimate(at.positive_predictive_value)),
          two_lines(words::estimate(at.negative_predictive_value)),
          two_lines(words::percent(at.sent_home)),
          grouped(at.false_negatives),
          grouped(at.false_positives)};
}

void add_table(report::Page& page, const std::string& caption, const std::vector<Decision>& decisions) {
  report::Table table{.caption = caption,
                      .columns = {"chosen for", "threshold", "sensitivity", "specificity", "PPV", "NPV", "sent home",
                                  "missed", "false alarms"},
                      .rows = {}};
  for (const Decision& at : decisions) table.rows.push_back(decision_row(at));
  page.add(table);
}

/// The model's net benefit where one would act from 5, 10, … %, with its interval, beside acting on everyone.
void add_benefits(report::Page& page, const Decisions& decisions) {
  report::Table table{
      .caption = "Net benefit per 100 pictures.", .columns = {"acting from", "the model", "everyone"}, .rows = {}};
  for (const std::size_t percent : {5U, 10U, 20U, 30U, 50U}) {
    Estimate model = decisions.net_benefit[percent - 1];
    if (model.value) *model.value *= 100;
    if (model.interval) *model.interval = {100 * model.interval->low, 100 * model.interval->high};
    table.rows.push_back({fmt::format("{} %", percent), words::estimate(model),
                          words::number(100 * decisions.curve.treat_all[percent - 1])});
  }
  page.add(table);
}

void add_decision_curve(report::Page& page, const Decisions& decisions) {
  const metrics::DecisionCurve& curve = decisions.curve;
  report::LineChart chart;
  chart.title = "Decision curve";
  chart.x = "probability of malignancy from which one would act";
  chart.y = "net benefit";
  report::Series model{.name = "the model", .x = {}, .y = {}}, all{.name = "act on everyone", .x = {}, .y = {}};
  report::Series limits{.name = "its 95 % intervals", .x = {}, .y = {}};
  constexpr double highest = 0.6, lowest = -0.05;
  for (std::size_t i = 0; i < curve.threshold.size() && curve.threshold[i] <= highest; ++i) {
    model.x.push_back(curve.threshold[i]);
    model.y.push_back(curve.net_benefit[i]);
    all.x.push_back(curve.threshold[i]);
    // Far below 0 it says no more: the line ends at the chart's edge.
    all.y.push_back(curve.treat_all[i] < lowest ? std::numeric_limits<double>::quiet_NaN() : curve.treat_all[i]);
    const auto& interval = decisions.net_benefit[i].interval;
    if ((i + 1) % 5 != 0 || !interval) continue;
    limits.x.push_back(curve.threshold[i]);
    limits.y.push_back(curve.net_benefit[i]);
    limits.dot.push_back(0.2);
    limits.interval.push_back({std::max(interval->low, lowest), interval->high});
  }
  chart.x_range = report::Range{0, highest};
  chart.y_range = report::Range{lowest, std::max(0.1, std::ceil(curve.prevalence * 20) / 20)};
  const auto at = [&](std::size_t percent) {
    return fmt::format("At {} %: model {:.3f}, everyone {:.3f}. ", percent, curve.net_benefit[percent - 1],
                       curve.treat_all[percent - 1]);
  };
  chart.description = at(5) + at(10) + at(20) + at(50) + "Acting on nobody is 0.";
  chart.series = {std::move(model), std::move(all), std::move(limits), {"act on nobody", {0, highest}, {0, 0}, true}};
  page.add(chart);
  page.paragraph(
      fmt::format("Net benefit (Vickers & Elkin 2006): true positives less false ones, each of these worth the odds of "
                  "the probability "
                  "from which one would act; per picture, at the {:.1f} % malignant pictures of this set. The grey "
                  "line acts on nobody.",
                  100 * curve.prevalence));
  add_benefits(page, decisions);
}

}  // namespace

void add_decisions(report::Page& page, const Evaluation& evaluation) {
  if (!evaluation.decisions) return;
  const Decisions& decisions = *evaluation.decisions;
  page.heading("Decisions");
  if (decisions.at.empty())
    page.paragraph("The model has no threshold of its own; naevus calibrate fits some.");
  else
    add_table(page, "At the model's own thresholds, which were fitted on other pictures. Sent home: called benign.",
              decisions.at);
  if (std::any_of(decisions.at.begin(), decisions.at.end(),
                  [](const Decision& at) { return at.expected_sensitivity.has_value(); })) {
    report::Table kept{.caption = "Whether the thresholds hold what they promised on the calibration pictures.",
                       .columns = {"chosen for", "sensitivity there", "here", "specificity there", "here "},
                       .rows = {}};
    for (const Decision& at : decisions.at)
      if (at.expected_sensitivity)
        kept.rows.push_back({rule_name(at.rule, at.aim), words::number(at.expected_sensitivity),
                             words::number(at.sensitivity.value), words::number(at.expected_specificity),
                             words::number(at.specificity.value)});
    page.add(kept);
  }
  add_table(page,
            "Triage: who could be sent home at a sensitivity for malignancy. The thresholds were chosen on these very "
            "pictures (anew in every resample), so that they look somewhat better than they are.",
            decisions.triage);
  add_decision_curve(page, decisions);
}

void add_refusal(report::Page& page, const Evaluation& evaluation) {
  page.heading("Refusal").paragraph(words::refusal(evaluation) + ".");
  report::LineChart chart;
  chart.title = "Risk against coverage";
  chart.x = "share of the pictures that are answered";
  chart.y = "share of those that are wrong";
  chart.x_range = report::Range{0, 1};
  report::Table table{.caption = "Accuracy of the pictures that are answered, the surest first.",
                      .columns = {"answered by", "area under the curve"},
                      .rows = {}};
  for (const double coverage : evaluation.refusal.answering.front().coverage)
    table.columns.push_back(fmt::format("{:.0f} %", std::floor(100 * coverage)));
  for (const Answering& answering : evaluation.refusal.answering) {
    const std::string name =
        answering.by == "confidence" ? "the most likely class's probability" : "likeness to the training pictures";
    chart.series.push_back({name, answering.curve.coverage, answering.curve.risk});
    chart.description += fmt::format("By {}: area {}. ", name, words::number(answering.area.value));
    table.rows.push_back({name, two_lines(words::estimate(answering.area))});
    for (const Estimate& accuracy : answering.accuracy)
      table.rows.back().push_back(two_lines(words::estimate(accuracy)));
  }
  page.add(chart).add(table);
  const auto& limit = evaluation.refusal.limit;
  if (!limit) return;
  page.paragraph(
      fmt::format("At the model's own limit of the out-of-distribution score ({:.4g}), {} of the pictures are "
                  "refused. Of the answered {} are called right, of the refused {} would have been.",
                  limit->limit, words::percent(limit->refused), words::percent(limit->accuracy_answered),
                  words::percent(limit->accuracy_refused)));
}

}  // namespace naevus::evaluate::html
