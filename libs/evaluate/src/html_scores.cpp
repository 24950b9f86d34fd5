#include <fmt/format.h>

#include "html_parts.hpp"
#include "words.hpp"

namespace naevus::evaluate::html {
namespace {

/// Steps: between two thresholds the precision is not a mixture of both (Davis & Goadrich 2006).
report::Series stairs(const std::string& name, const metrics::PrecisionRecallCurve& curve) {
  report::Series series;
  series.name = name;
  for (std::size_t i = 1; i < curve.recall.size(); ++i) {
    series.x.insert(series.x.end(), {curve.recall[i - 1], curve.recall[i]});
    series.y.insert(series.y.end(), {curve.precision[i], curve.precision[i]});
  }
  return series;
}

std::string described(const std::string& name, const char* what, const Estimate& value) {
  return fmt::format("{}, {} {}", name, what, words::number(value.value));
}

void add_roc(report::Page& page, const Evaluation& evaluation) {
  report::LineChart chart = roc_chart("ROC: each class against the rest");
  for (const ClassResult& result : evaluation.classes) {
    if (!result.roc) continue;
    const std::string name = described(result.name, "AUC", result.auc);
    chart.series.push_back({name, result.roc->false_positive_rate, result.roc->true_positive_rate});
    chart.description += name + ". ";
  }
  if (chart.series.size() == 1) {
    page.paragraph("No curve: no class has both its own pictures and others.");
    return;
  }
  page.add(chart);
  if (!evaluation.malignancy || !evaluation.malignancy->roc) return;
  report::LineChart malignant = roc_chart("ROC: malignant classes against the others");
  const metrics::RocCurve& roc = *evaluation.malignancy->roc;
  const std::string name = described("malignant", "AUC", evaluation.malignancy->auc);
  malignant.series.push_back({name, roc.false_positive_rate, roc.true_positive_rate});
  malignant.description = name + ".";
  if (evaluation.decisions && !evaluation.decisions->at.empty()) {
    report::Series points{.name = "the model's thresholds", .x = {}, .y = {}};
    for (const Decision& at : evaluation.decisions->at) {
      points.x.push_back(1 - at.specificity.value.value_or(0));
      points.y.push_back(at.sensitivity.value.value_or(0));
      points.dot.push_back(0.5);
      malignant.description += fmt::format(" At {}: sensitivity {}, specificity {}.", rule_name(at.rule, at.aim),
                                           words::number(at.sensitivity.value), words::number(at.specificity.value));
    }
    malignant.series.push_back(std::move(points));
  }
  page.add(malignant);
}

void add_precision_recall(report::Page& page, const Evaluation& evaluation) {
  report::LineChart chart = square_chart("Precision and recall: each class against the rest", "recall (sensitivity)",
                                         "precision (positive predictive value)");
  for (const ClassResult& result : evaluation.classes) {
    if (!result.precision_recall) continue;
    const std::string name = described(result.name, "average precision", result.average_precision);
    chart.series.push_back(stairs(name, *result.precision_recall));
    chart.description += name + ". ";
  }
  page.add(chart);
  if (!evaluation.malignancy || !evaluation.malignancy->precision_recall || !evaluation.malignancy->no_auc.empty())
    return;
  report::LineChart malignant = square_chart("Precision and recall: malignant classes against the others",
                                             "recall (sensitivity)", "precision (positive predictive value)");
  const std::string name = described("malignant", "average precision", evaluation.malignancy->average_precision);
  malignant.series.push_back(stairs(name, *evaluation.malignancy->precision_recall));
  const double prevalence = evaluation.malignancy->precision_recall->precision.back();
  malignant.series.push_back({"calling everyone malignant", {0, 1}, {prevalence, prevalence}, true});
  malignant.description = fmt::format("{}. The share of malignant pictures is {:.3f}.", name, prevalence);
  page.add(malignant);
}

void add_overall(report::Page& page, const Evaluation& evaluation) {
  report::Table overall{.caption = "All classes together.", .columns = {"score", "value"}, .rows = {}};
  const std::pair<const char*, const Estimate*> scores[] = {
      {"accuracy", &evaluation.accuracy},
      {"balanced accuracy", &evaluation.balanced_accuracy},
      {"Cohen's kappa", &evaluation.kappa},
      {"Matthews correlation", &evaluation.matthews},
      {"macro F1", &evaluation.macro.f1},
      {"macro AUC", &evaluation.macro_auc},
      {"mean average precision", &evaluation.macro_average_precision},
      {"class among the 2 most likely", &evaluation.top_2},
      {"class among the 3 most likely", &evaluation.top_3},
      {"log loss", &evaluation.log_loss_estimate},
      {"Brier score", &evaluation.brier_estimate}};
  for (const auto& [name, estimate] : scores)
    if (estimate->value) overall.rows.push_back({name, words::estimate(*estimate)});
  page.add(overall);
}

}  // namespace

report::LineChart square_chart(const char* title, const char* x, const char* y) {
  report::LineChart chart;
  chart.title = title;
  chart.x = x;
  chart.y = y;
  chart.x_range = chart.y_range = report::Range{0, 1};
  chart.square = true;
  return chart;
}

report::LineChart roc_chart(const char* title) {
  report::LineChart chart = square_chart(title, "false positive rate (1 − specificity)", "sensitivity");
  chart.series.push_back({"chance", {0, 1}, {0, 1}, true});
  return chart;
}

std::string two_lines(std::string text) {
  if (const auto space = text.find(" ["); space != std::string::npos) text[space] = '\n';
  return text;
}

void add_classes(report::Page& page, const Evaluation& evaluation) {
  report::Table table{.caption =
                          "Each class against the rest, a picture called the most likely one. –: does not exist "
                          "for these pictures.",
                      .columns = {"class", "pictures", "precision", "sensitivity", "specificity", "F1"},
                      .rows = {}};
  report::Table ranking{.caption = "Each class against the rest, ranked by its probability.",
                        .columns = {"class", "AUC", "average precision", "partial AUC"},
                        .rows = {}};
  report::BarChart bars;
  bars.title = "Sensitivity";
  bars.range = {0, 1};
  for (const ClassResult& result : evaluation.classes) {
    const std::vector<std::string> row = words::class_row(result, true);
    table.rows.emplace_back();
    for (std::size_t i = 0; i + 1 < row.size(); ++i) table.rows.back().push_back(two_lines(row[i]));
    ranking.rows.push_back({result.name, words::estimate(result.auc), words::estimate(result.average_precision),
                            words::estimate(result.partial_auc)});
    if (result.scores.support == 0) continue;
    report::Bar bar{.label = result.name, .value = result.scores.recall, .interval = {}, .text = row[3]};
    if (const auto& limits = result.recall.interval) bar.interval = report::Range{limits->low, limits->high};
    bars.description += fmt::format("{}: {}. ", result.name, bar.text);
    bars.bars.push_back(std::move(bar));
  }
  const auto mean = [&](const char* name, const AverageScores& averages) {
    table.rows.push_back({name, "", two_lines(words::estimate(averages.precision)),
                          two_lines(words::estimate(averages.recall)), two_lines(words::estimate(averages.specificity)),
                          two_lines(words::estimate(averages.f1))});
  };
  mean("mean", evaluation.macro);
  mean("weighted mean", evaluation.weighted);
  ranking.rows.push_back(
      {"mean", words::estimate(evaluation.macro_auc), words::estimate(evaluation.macro_average_precision), ""});
  page.heading("Classes").add(table).add(bars).add(ranking);
  page.paragraph(
      "Partial AUC: the area of the ROC curve above a sensitivity of 80 %, from 0 to 0.2 (the score of ISIC "
      "2024).");
  for (const ClassResult& result : evaluation.classes)
    if (!result.no_auc.empty()) page.paragraph(fmt::format("No AUC for {}: {}.", result.name, result.no_auc));
  add_overall(page, evaluation);
}

void add_curves(report::Page& page, const Evaluation& evaluation) {
  page.heading("Curves");
  add_roc(page, evaluation);
  add_precision_recall(page, evaluation);
}

void add_matrix(report::Page& page, const Evaluation& evaluation) {
  const auto& names = evaluation.predictions.classes;
  report::HeatMap map{.caption = "Pictures, and their share of the true class. Framed: called right.",
                      .row_title = "truth",
                      .column_title = "called",
                      .rows = names,
                      .columns = names,
                      .count = {evaluation.confusion.count.begin(), evaluation.confusion.count.end()}};
  page.heading("Confusion matrix").add(map);
}

void add_isic(report::Page& page, const Evaluation& evaluation) {
  report::Table table{.caption =
                          "As the official scorer of the ISIC 2018 and 2019 challenges has it: a picture is called "
                          "a class where that probability is above 0.5, and a ratio of nothing to nothing is 1.",
                      .columns = {"class", "accuracy", "sensitivity", "specificity", "Dice", "PPV", "NPV", "AUC",
                                  "AUC above 80 %", "average precision"},
                      .rows = {}};
  const auto add = [&](const std::string& name, const IsicRow& scores) {
    table.rows.push_back({name});
    for (const Estimate& score : {scores.accuracy, scores.sensitivity, scores.specificity, scores.dice, scores.ppv,
                                  scores.npv, scores.auc, scores.auc_above_80, scores.average_precision})
      table.rows.back().push_back(two_lines(words::estimate(score)));
  };
  for (std::size_t c = 0; c < evaluation.isic.classes.size(); ++c)
    add(evaluation.predictions.classes[c], evaluation.isic.classes[c]);
  add("mean", evaluation.isic.mean);
  page.heading("ISIC's table").add(table);
  page.paragraph(
      fmt::format("Its balanced accuracy: {}. There a picture whose highest probability two classes share is "
                  "wrong.",
                  words::estimate(evaluation.isic.balanced_accuracy)));
}

}  // namespace naevus::evaluate::html
