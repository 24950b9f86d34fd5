#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/evaluate/output.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/report/page.hpp"
#include "words.hpp"

namespace naevus::evaluate {
namespace {

constexpr std::size_t mistakes_shown = 24, failures_shown = 200;

void add_numbers(report::Page& page, const Evaluation& evaluation) {
  const auto figure = [](const char* label, const Estimate& estimate) {
    return report::Figure{label, words::number(estimate.value),
                          estimate.interval ? "95 %: " + words::interval(estimate.interval) : ""};
  };
  std::vector<report::Figure> figures{figure("balanced accuracy", evaluation.balanced_accuracy),
                                      figure("macro AUC", evaluation.macro_auc),
                                      figure("accuracy", evaluation.accuracy)};
  if (evaluation.malignancy) figures.push_back(figure("AUC, malignant or not", evaluation.malignancy->auc));
  page.add(figures);
  std::vector<std::string> lines{words::counts(evaluation), words::present(evaluation), words::method(evaluation)};
  if (evaluation.positive) lines.push_back(words::positive(evaluation));
  for (const std::string& line : words::malignancy(evaluation)) lines.push_back(line);
  lines.push_back(fmt::format("log loss {:.4f}, Brier score {:.4f}, expected calibration error {:.4f}",
                              evaluation.log_loss, evaluation.brier_score, evaluation.calibration_error));
  page.list(lines);
}

/// "0.5 [0.4, 0.6]" in two lines, so that the table stays narrow.
std::string interval_below(std::string text) {
  if (const auto space = text.find(" ["); space != std::string::npos) text[space] = '\n';
  return text;
}

void add_classes(report::Page& page, const Evaluation& evaluation) {
  report::Table table{.caption = "Each class against the rest. –: does not exist for these pictures.",
                      .columns = {"class", "pictures", "precision", "sensitivity", "specificity", "F1", "AUC"},
                      .rows = {}};
  report::BarChart bars;
  bars.title = "Sensitivity";
  bars.range = {0, 1};
  for (const ClassResult& result : evaluation.classes) {
    const std::vector<std::string> row = words::class_row(result, true);
    table.rows.emplace_back();
    for (const std::string& text : row) table.rows.back().push_back(interval_below(text));
    if (result.scores.support == 0) continue;
    report::Bar bar{.label = result.name, .value = result.scores.recall, .interval = {}, .text = row[3]};
    if (result.recall) bar.interval = report::Range{result.recall->low, result.recall->high};
    bars.description += fmt::format("{}: {}. ", result.name, bar.text);
    bars.bars.push_back(std::move(bar));
  }
  const auto mean = [&](const char* name, const metrics::Averages& averages) {
    table.rows.push_back({name, "", words::number(averages.precision), words::number(averages.recall),
                          words::number(averages.specificity), words::number(averages.f1), ""});
  };
  mean("mean", evaluation.macro);
  mean("weighted mean", evaluation.weighted);
  page.heading("Classes").add(table).add(bars);
  for (const ClassResult& result : evaluation.classes)
    if (!result.no_auc.empty()) page.paragraph(fmt::format("No AUC for {}: {}.", result.name, result.no_auc));
}

report::LineChart roc_chart(const char* title) {
  report::LineChart chart;
  chart.title = title;
  chart.x = "false positive rate (1 − specificity)";
  chart.y = "sensitivity";
  chart.x_range = chart.y_range = report::Range{0, 1};
  chart.square = true;
  chart.series.push_back({"chance", {0, 1}, {0, 1}, true});
  return chart;
}

void add_curves(report::Page& page, const Evaluation& evaluation) {
  report::LineChart chart = roc_chart("Each class against the rest");
  for (const ClassResult& result : evaluation.classes) {
    if (!result.roc) continue;
    const std::string name = fmt::format("{}, AUC {}", result.name, words::number(result.auc.value));
    chart.series.push_back({name, result.roc->false_positive_rate, result.roc->true_positive_rate});
    chart.description += name + ". ";
  }
  page.heading("Receiver operating characteristic");
  if (chart.series.size() == 1)
    page.paragraph("No curve: no class has both its own pictures and others.");
  else
    page.add(chart);
  if (!evaluation.malignancy || !evaluation.malignancy->roc) return;
  report::LineChart malignant = roc_chart("Malignant classes against the others");
  const metrics::RocCurve& roc = *evaluation.malignancy->roc;
  const std::string name = "malignant, AUC " + words::estimate(evaluation.malignancy->auc);
  malignant.series.push_back({name, roc.false_positive_rate, roc.true_positive_rate});
  malignant.description = name;
  page.add(malignant);
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

/// Cases called wrong, the least probability of the truth first.
std::vector<std::size_t> mistakes(const Evaluation& evaluation) {
  const Predictions& predictions = evaluation.predictions;
  const auto share_of_truth = [&](std::size_t i) {
    return predictions
        .probabilities[i * predictions.classes.size() + static_cast<std::size_t>(predictions.cases[i].truth)];
  };
  std::vector<std::size_t> wrong;
  for (std::size_t i = 0; i < predictions.cases.size(); ++i)
    if (evaluation.called[i] != predictions.cases[i].truth) wrong.push_back(i);
  std::stable_sort(wrong.begin(), wrong.end(),
                   [&](std::size_t a, std::size_t b) { return share_of_truth(a) < share_of_truth(b); });
  return wrong;
}

void add_mistakes(report::Page& page, const Evaluation& evaluation) {
  const Predictions& predictions = evaluation.predictions;
  const std::vector<std::size_t> wrong = mistakes(evaluation);
  page.heading("Worst mistakes");
  if (wrong.empty()) {
    page.paragraph("None: every picture was called right.");
    return;
  }
  page.paragraph(fmt::format(
      "{} of {} pictures were called wrong; the {} with the least probability of the truth:", grouped(wrong.size()),
      grouped(predictions.cases.size()), std::min(wrong.size(), mistakes_shown)));
  report::Gallery gallery;
  std::vector<std::string> without_picture;
  for (std::size_t k = 0; k < std::min(wrong.size(), mistakes_shown); ++k) {
    const Case& item = predictions.cases[wrong[k]];
    const auto called = static_cast<std::size_t>(evaluation.called[wrong[k]]);
    const double* row = predictions.probabilities.data() + wrong[k] * predictions.classes.size();
    const std::string said =
        fmt::format("{}, called {} ({:.2f})", item.label, predictions.classes[called], row[called]);
    const std::string truth = fmt::format("probability of {}: {:.2g}", item.label, row[item.truth]);
    try {
      const image::Image picture = image::prepare(image::load(item.path), predictions.preparation);
      gallery.pictures.push_back({image::encode_jpeg(picture, 80),
                                  said,
                                  {said, truth, std::filesystem::path(item.image).filename().string()}});
    } catch (const Error&) {  // predictions can be scored where the pictures are not
      without_picture.push_back(fmt::format("{}: {}; {}", item.image, said, truth));
    }
  }
  if (!gallery.pictures.empty())
    page.add(gallery).paragraph("Pictures as the model sees them. They may be of patients: treat this page as such.");
  if (!without_picture.empty()) page.list(without_picture);
}

void add_failures(report::Page& page, const Evaluation& evaluation) {
  const std::vector<Failure>& failures = evaluation.predictions.failures;
  if (failures.empty()) return;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < std::min(failures.size(), failures_shown); ++i)
    lines.push_back(failures[i].image + ": " + failures[i].reason);
  if (failures.size() > failures_shown)
    lines.push_back(fmt::format("and {} more", grouped(failures.size() - failures_shown)));
  page.heading("Not scored").list(lines);
}

}  // namespace

std::string to_html(const Evaluation& evaluation) {
  const Predictions& predictions = evaluation.predictions;
  const std::string name = std::filesystem::path(predictions.source).filename().string();
  std::string lead = words::counts(evaluation);
  if (!predictions.manifest.empty()) lead += ", " + std::filesystem::path(predictions.manifest).filename().string();
  report::Page page("Evaluation of " + name, lead);
  for (const std::string& warning : predictions.warnings) page.warning(warning);
  add_numbers(page, evaluation);
  add_classes(page, evaluation);
  add_curves(page, evaluation);
  add_matrix(page, evaluation);
  add_mistakes(page, evaluation);
  add_failures(page, evaluation);
  return page.html();
}

}  // namespace naevus::evaluate
