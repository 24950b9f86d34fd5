#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "html_parts.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/metrics/proportion.hpp"
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

void add_decision_curve(report::Page& page, const metrics::DecisionCurve& curve) {
  report::LineChart chart;
  chart.title = "Decision curve";
  chart.x = "probability of malignancy from which one would act";
  chart.y = "net benefit";
  report::Series model{.name = "the model", .x = {}, .y = {}}, all{.name = "act on everyone", .x = {}, .y = {}};
  constexpr double highest = 0.6, lowest = -0.05;
  for (std::size_t i = 0; i < curve.threshold.size() && curve.threshold[i] <= highest; ++i) {
    model.x.push_back(curve.threshold[i]);
    model.y.push_back(curve.net_benefit[i]);
    all.x.push_back(curve.threshold[i]);
    // Far below 0 it says no more: the line ends at the chart's edge.
    all.y.push_back(curve.treat_all[i] < lowest ? std::numeric_limits<double>::quiet_NaN() : curve.treat_all[i]);
  }
  chart.x_range = report::Range{0, highest};
  chart.y_range = report::Range{lowest, std::max(0.1, std::ceil(curve.prevalence * 20) / 20)};
  const auto at = [&](std::size_t percent) {
    return fmt::format("At {} %: model {:.3f}, everyone {:.3f}. ", percent, curve.net_benefit[percent - 1],
                       curve.treat_all[percent - 1]);
  };
  chart.description = at(5) + at(10) + at(20) + at(50) + "Acting on nobody is 0.";
  chart.series = {std::move(model), std::move(all), {"act on nobody", {0, highest}, {0, 0}, true}};
  page.add(chart);
  page.paragraph(
      fmt::format("Net benefit (Vickers & Elkin 2006): true positives less false ones, each of these worth the odds of "
                  "the probability "
                  "from which one would act; per picture, at the {:.1f} % malignant pictures of this set. The grey "
                  "line acts on nobody.",
                  100 * curve.prevalence));
}

void add_reliability_chart(report::Page& page, const Evaluation& evaluation) {
  const auto& bins = evaluation.reliability.equal_width.bins;
  report::LineChart chart;
  chart.title = "Reliability of the most likely class's probability";
  chart.x = "mean probability in the bin";
  chart.y = "share called right";
  chart.x_range = chart.y_range = report::Range{0, 1};
  chart.square = true;
  chart.series.push_back({"perfect", {0, 1}, {0, 1}, true});
  report::Series dots{
      .name = "15 bins of equal width, the area of a dot as its pictures; bars: 95 % (Wilson)", .x = {}, .y = {}};
  std::uint64_t most = 1;
  for (const auto& bin : bins) most = std::max(most, bin.count);
  for (const auto& bin : bins) {
    if (bin.count == 0) continue;
    dots.x.push_back(bin.confidence);
    dots.y.push_back(bin.right);
    dots.dot.push_back(std::sqrt(static_cast<double>(bin.count) / static_cast<double>(most)));
    const auto right = static_cast<std::uint64_t>(std::llround(bin.right * static_cast<double>(bin.count)));
    const auto interval = metrics::wilson_interval(right, bin.count).value();
    dots.interval.push_back({interval.low, interval.high});
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
                            words::number(evaluation.reliability.equal_width.class_error[c], 4),
                            words::number(evaluation.reliability.equal_mass.class_error[c], 4)});
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
  const metrics::BrierParts& parts = reliability.brier;
  page.paragraph(
      fmt::format("Brier score {:.4f} = reliability {:.4f} (0 is best) − resolution {:.4f} (more is better) + "
                  "uncertainty {:.4f} (of the pictures) {:+.4f} within the bins.",
                  parts.score, parts.reliability, parts.resolution, parts.uncertainty,
                  parts.within_variance - parts.within_covariance));
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

std::string marked(const Subgroups& subgroups, std::size_t group, std::size_t score) {
  std::string text = words::estimate(subgroups.groups[group].score[score]);
  for (const Gap& gap : subgroups.gaps) {
    if (static_cast<std::size_t>(gap.score) != score) continue;
    if (gap.best == group) text.insert(0, "↑ ");
    if (gap.worst == group) text.insert(0, "↓ ");
  }
  return two_lines(std::move(text));
}

void add_property(report::Page& page, const Subgroups& subgroups, std::size_t all_classes) {
  report::Table table{.caption = fmt::format("By {}. {}", subgroups.by, subgroups.note),
                      .columns = {subgroups.by, "pictures", "malignant"},
                      .rows = {}};
  for (std::size_t s = 0; s < group_scores; ++s) table.columns.push_back(words::score_name(static_cast<GroupScore>(s)));
  for (std::size_t g = 0; g < subgroups.groups.size(); ++g) {
    const Group& group = subgroups.groups[g];
    std::vector<std::string> row{group.name, grouped(group.pictures), grouped(group.malignant)};
    for (std::size_t s = 0; s < group_scores; ++s) row.push_back(marked(subgroups, g, s));
    if (group.classes < all_classes)
      row[3 + static_cast<std::size_t>(GroupScore::balanced_accuracy)] += fmt::format(" of {}", group.classes);
    table.rows.push_back(std::move(row));
  }
  page.add(table);
  for (const Gap& gap : subgroups.gaps)
    page.paragraph(fmt::format("Largest gap in {}: {} less {}, {}.", words::score_name(gap.score),
                               subgroups.groups[gap.best].name, subgroups.groups[gap.worst].name,
                               words::estimate(gap.difference)));
  if (subgroups.unknown > 0) page.paragraph(fmt::format("Not known of {} pictures.", grouped(subgroups.unknown)));
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
  add_decision_curve(page, decisions.curve);
}

void add_calibration(report::Page& page, const Evaluation& evaluation) {
  page.heading("Calibration").paragraph(words::calibration(evaluation) + ".");
  add_reliability_chart(page, evaluation);
  add_errors(page, evaluation);
  add_slopes(page, evaluation);
  add_bins(page, evaluation);
  add_sets(page, evaluation);
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

void add_subgroups(report::Page& page, const Evaluation& evaluation) {
  if (evaluation.subgroups.empty()) return;
  std::size_t gaps = 0;
  for (const Subgroups& subgroups : evaluation.subgroups) gaps += subgroups.gaps.size();
  page.heading("Subgroups")
      .paragraph(fmt::format(
          "↑ and ↓ mark the largest gap of each score, among groups with at least ten pictures that the score rests "
          "on. {} "
          "gaps were looked at: some differ from 0 by chance, and each was chosen because it is large. Balanced "
          "accuracy is "
          "over the classes that a group has; where it lacks some, their number stands below and the group takes no "
          "part in "
          "the gap. Malignant AUC, sensitivity and specificity are of the malignant classes against the others.",
          gaps));
  for (const Subgroups& subgroups : evaluation.subgroups) add_property(page, subgroups, evaluation.classes.size());
}

void add_methods(report::Page& page, const Evaluation& evaluation) {
  page.heading("How the intervals were made").paragraph(words::method(evaluation) + ".");
  report::Table table{.caption = "", .columns = {"score", "interval"}, .rows = {}};
  const auto add = [&](const char* name, const Estimate& estimate) {
    if (estimate.method != Method::none) table.rows.push_back({name, std::string(in_words(estimate.method))});
  };
  add("accuracy, top-k accuracy", evaluation.accuracy);
  add("balanced accuracy, kappa, Matthews, F1, average precision", evaluation.balanced_accuracy);
  add("macro AUC", evaluation.macro_auc);
  const auto with_area = std::find_if(
      evaluation.classes.begin(), evaluation.classes.end(),
      [](const ClassResult& item) { return item.auc.method != Method::none && item.recall.method != Method::none; });
  if (with_area != evaluation.classes.end()) {
    add("sensitivity, specificity and precision of a class, at thresholds, of groups", with_area->recall);
    add("AUC of a class, of malignant against the rest, of groups", with_area->auc);
  }
  add("calibration error", evaluation.reliability.equal_width.error);
  if (evaluation.reliability.top_slope)
    table.rows.push_back({"calibration slope", std::string(in_words(evaluation.reliability.slope_method))});
  table.caption = fmt::format("{} resamples, seed {}; drawn as one: {}.",
                              grouped(static_cast<std::uint64_t>(evaluation.bootstrap.resamples)),
                              evaluation.bootstrap.seed, evaluation.resampled);
  page.add(table);
}

}  // namespace naevus::evaluate::html
