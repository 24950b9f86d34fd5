#include <fmt/format.h>

#include <algorithm>

#include "aligned.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/base/terminal.hpp"
#include "naevus/evaluate/output.hpp"
#include "words.hpp"

namespace naevus::evaluate {
namespace {

std::string class_table(const Evaluation& evaluation) {
  std::vector<std::vector<std::string>> rows{
      {"class", "pictures", "precision", "sensitivity", "specificity", "F1", "AUC"}};
  for (const ClassResult& result : evaluation.classes) rows.push_back(words::class_row(result, false));
  const auto mean = [&](const char* name, const AverageScores& averages, const std::string& auc) {
    rows.push_back({name, "", words::number(averages.precision.value), words::number(averages.recall.value),
                    words::number(averages.specificity.value), words::number(averages.f1.value), auc});
  };
  mean("mean", evaluation.macro, words::number(evaluation.macro_auc.value));
  mean("weighted mean", evaluation.weighted, "");
  return aligned(rows);
}

std::string confusion_table(const Evaluation& evaluation) {
  const auto& names = evaluation.predictions.classes;
  std::vector<std::vector<std::string>> rows{{"truth ↓ called →"}};
  rows[0].insert(rows[0].end(), names.begin(), names.end());
  for (std::size_t i = 0; i < names.size(); ++i) {
    rows.push_back({names[i]});
    for (std::size_t j = 0; j < names.size(); ++j)
      rows.back().push_back(fmt::format("{}", evaluation.confusion.at(i, j)));
  }
  return aligned(rows);
}

std::string headline(const char* label, const Estimate& estimate) {
  return fmt::format("{:<20}{}  {}", label, styled(words::number(estimate.value), Style::bold),
                     words::interval(estimate.interval));
}

/// The first of them; a table of another set's labels has thousands.
std::string not_scored(const std::vector<Failure>& failures) {
  if (failures.empty()) return "";
  constexpr std::size_t shown = 10;
  std::string text = styled("\nnot scored\n", Style::yellow);
  for (std::size_t i = 0; i < std::min(shown, failures.size()); ++i)
    text += fmt::format("  {}: {}{}\n", failures[i].image, failures[i].reason,
                        failures[i].where.empty() ? "" : " (" + failures[i].where + ")");
  if (failures.size() > shown)
    text += fmt::format("  and {} more (--json names them all)\n", grouped(failures.size() - shown));
  return text;
}

/// First of all: whether what follows can be believed.
std::string checks_block(const std::vector<Check>& checks) {
  std::string text;
  for (const std::string& line : words::failed_checks(checks))
    text += styled("found       ", Style::yellow) + line + "\n";
  const auto line = [&](const char* label, Verdict verdict) {
    if (const std::string names = words::check_names(checks, verdict); !names.empty()) text += label + names + "\n";
  };
  line("not found   ", Verdict::passed);
  line("not known   ", Verdict::unknown);
  return text + "\n";
}

std::string further_scores(const Evaluation& evaluation) {
  std::string text =
      fmt::format("kappa {}, Matthews correlation {}, macro F1 {}, mean average precision {}\n",
                  words::estimate(evaluation.kappa), words::estimate(evaluation.matthews),
                  words::estimate(evaluation.macro.f1), words::estimate(evaluation.macro_average_precision));
  if (evaluation.top_2.value)
    text += fmt::format("the class is among the 2 most likely of {}", words::percent(evaluation.top_2));
  if (evaluation.top_3.value) text += fmt::format(", the 3 of {}", words::percent(evaluation.top_3));
  return evaluation.top_2.value ? text + "\n" : text;
}

}  // namespace

std::string to_text(const Evaluation& evaluation) {
  std::string text = checks_block(evaluation.predictions.checks);
  text += headline("balanced accuracy", evaluation.balanced_accuracy) + "      macro AUC  " +
          styled(words::number(evaluation.macro_auc.value), Style::bold) + "  " +
          words::interval(evaluation.macro_auc.interval) + "\n";
  text +=
      headline("accuracy", evaluation.accuracy) + fmt::format("      log loss   {:.3f}   calibration error {:.3f}\n\n",
                                                              evaluation.log_loss, evaluation.calibration_error);
  text += class_table(evaluation) + "\n" + confusion_table(evaluation) + "\n" + further_scores(evaluation);
  if (const std::string line = words::challenge(evaluation); !line.empty()) text += line + "\n";
  if (evaluation.positive) text += words::positive(evaluation) + "\n";
  for (const std::string& line : words::malignancy(evaluation)) text += line + "\n";
  text += words::calibration(evaluation) + "\n";
  if (evaluation.sets) text += words::sets(evaluation) + "\n";
  text += words::refusal(evaluation) + "\n";
  for (const std::string& line : words::gaps(evaluation)) text += line + "\n";
  for (const std::string& line : evaluation.small) text += line + "\n";
  text += words::counts(evaluation) + "; " + words::present(evaluation) + "\n" + words::method(evaluation) + "\n";
  text += not_scored(evaluation.predictions.failures);
  return text + styled("not a diagnosis", Style::dim) + "\n";
}

}  // namespace naevus::evaluate
