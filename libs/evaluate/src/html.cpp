#include <fmt/format.h>

#include <set>

#include "html_parts.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/evaluate/output.hpp"
#include "words.hpp"

namespace naevus::evaluate {
namespace {

report::Figure figure(const char* label, const Estimate& estimate) {
  return {label, words::number(estimate.value), estimate.interval ? "95 %: " + words::interval(estimate.interval) : ""};
}

/// Five numbers: how good, how well it ranks, what it misses and what it alarms, whether its probabilities hold.
std::vector<report::Figure> five(const Evaluation& evaluation) {
  std::vector<report::Figure> figures{figure("balanced accuracy", evaluation.balanced_accuracy)};
  if (evaluation.malignancy && evaluation.decisions) {
    figures.push_back(figure("AUC, malignant or not", evaluation.malignancy->auc));
    const auto& at = evaluation.decisions->at;
    if (!at.empty()) {
      figures.push_back(figure("malignant found, at the threshold", at[0].sensitivity));
      figures.push_back(figure("benign left alone, at the threshold", at[0].specificity));
    } else {
      figures.push_back(figure("sent home at 95 % sensitivity", evaluation.decisions->triage[1].sent_home));
      figures.push_back(figure("accuracy", evaluation.accuracy));
    }
  } else {
    figures.push_back(figure("macro AUC", evaluation.macro_auc));
    figures.push_back(figure("accuracy", evaluation.accuracy));
    figures.push_back(figure("Cohen's kappa", evaluation.kappa));
  }
  figures.push_back(figure("calibration error", evaluation.reliability.equal_width.error));
  return figures;
}

void add_checks(report::Page& page, const Evaluation& evaluation) {
  report::Table table{
      .caption = "Whether the figures can be believed.", .columns = {"looked for", "found", "what"}, .rows = {}};
  for (const Check& check : evaluation.predictions.checks) {
    const char* const verdict = check.verdict == Verdict::passed   ? "no"
                                : check.verdict == Verdict::failed ? "yes"
                                                                   : "not known";
    table.rows.push_back({check_name(check.id), verdict, check.text});
  }
  for (const std::string& line : words::failed_checks(evaluation.predictions.checks)) page.warning(line);
  page.add(table);
}

void add_summary(report::Page& page, const Evaluation& evaluation) {
  std::vector<std::string> lines{words::counts(evaluation), words::present(evaluation)};
  if (std::string line = words::challenge(evaluation); !line.empty()) lines.push_back(std::move(line));
  if (evaluation.positive) lines.push_back(words::positive(evaluation));
  for (const std::string& line : words::malignancy(evaluation)) lines.push_back(line);
  lines.push_back(words::calibration(evaluation));
  if (evaluation.sets) lines.push_back(words::sets(evaluation));
  lines.push_back(words::refusal(evaluation));
  for (const std::string& line : words::gaps(evaluation)) lines.push_back(line);
  for (const std::string& line : evaluation.small) lines.push_back(line);
  lines.push_back(words::method(evaluation));
  page.list(lines);
}

void add_methods(report::Page& page, const Evaluation& evaluation) {
  page.heading("How the intervals were made").paragraph(words::method(evaluation) + ".");
  report::Table table{.caption = "", .columns = {"score", "interval"}, .rows = {}};
  const auto add = [&](const char* name, const Estimate& estimate) {
    if (estimate.method != Method::none) table.rows.push_back({name, std::string(in_words(estimate.method))});
  };
  add("accuracy, top-k accuracy", evaluation.accuracy);
  add("balanced accuracy, kappa, Matthews, F1, means, average precision, partial AUC, Brier score, net benefit",
      evaluation.balanced_accuracy);
  add("macro AUC", evaluation.macro_auc);
  std::set<std::string_view> shares, areas;
  for (const ClassResult& item : evaluation.classes) {
    if (item.recall.method != Method::none) shares.insert(in_words(item.recall.method));
    if (item.auc.method != Method::none) areas.insert(in_words(item.auc.method));
  }
  for (const Subgroups& subgroups : evaluation.subgroups)
    for (const Group& group : subgroups.groups)
      if (const Estimate& area = group.score[static_cast<std::size_t>(GroupScore::malignant_auc)];
          area.method != Method::none)
        areas.insert(in_words(area.method));
  table.rows.push_back({"sensitivity, specificity and precision of a class, at thresholds, of groups",
                        fmt::format("{}", fmt::join(shares, "; "))});
  if (!areas.empty())
    table.rows.push_back(
        {"AUC of a class, of malignant against the rest, of groups", fmt::format("{}", fmt::join(areas, "; "))});
  add("calibration error, reliability and resolution", evaluation.reliability.equal_width.error);
  if (evaluation.reliability.top_slope)
    table.rows.push_back({"calibration slope", std::string(in_words(evaluation.reliability.slope_method))});
  table.caption = fmt::format("{} resamples, seed {}; drawn as one: {}.",
                              grouped(static_cast<std::uint64_t>(evaluation.bootstrap.resamples)),
                              evaluation.bootstrap.seed, evaluation.resampled);
  page.add(table);
}

}  // namespace

std::string to_html(const Evaluation& evaluation) {
  const Predictions& predictions = evaluation.predictions;
  const std::string name = std::filesystem::path(predictions.source).filename().string();
  std::string lead = words::counts(evaluation);
  if (!predictions.manifest.empty()) lead += ", " + std::filesystem::path(predictions.manifest).filename().string();
  report::Page page("Evaluation of " + name, lead);
  for (const std::string& warning : predictions.warnings) page.warning(warning);
  page.add(five(evaluation));
  add_checks(page, evaluation);
  add_summary(page, evaluation);
  page.contents().new_page();
  html::add_classes(page, evaluation);
  html::add_curves(page, evaluation);
  html::add_matrix(page, evaluation);
  html::add_decisions(page, evaluation);
  html::add_calibration(page, evaluation);
  html::add_refusal(page, evaluation);
  html::add_subgroups(page, evaluation);
  html::add_isic(page, evaluation);
  html::add_mistakes(page, evaluation);
  html::add_failures(page, evaluation);
  add_methods(page, evaluation);
  return page.html();
}

}  // namespace naevus::evaluate
