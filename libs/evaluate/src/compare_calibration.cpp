#include "compare_calibration.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "context.hpp"
#include "naevus/base/random.hpp"
#include "naevus/metrics/calibration.hpp"
#include "naevus/metrics/isotonic.hpp"
#include "naevus/metrics/roc.hpp"
#include "naevus/metrics/vector_scaling.hpp"

namespace naevus::evaluate {
namespace {

constexpr std::size_t folds = 5;

/// Some rows of the logits with their truths.
struct Rows {
  std::vector<double> logits;
  std::vector<int> truth;
};

Rows rows_of(const Predictions& predictions, const std::vector<std::size_t>& index) {
  const std::size_t classes = predictions.classes.size();
  Rows rows;
  for (const std::size_t i : index) {
    const auto row = std::span(predictions.logits).subspan(i * classes, classes);
    rows.logits.insert(rows.logits.end(), row.begin(), row.end());
    rows.truth.push_back(predictions.cases[i].truth);
  }
  return rows;
}

/// Isotonic regression of each class against the rest, normalised (Zadrozny & Elkan 2002). Its steps say 0 and 1, whose
/// logarithm is not finite: held as far from them as this many pictures can tell.
std::vector<double> isotonic(const Rows& fitted, const Rows& judged, std::size_t classes) {
  const auto from = metrics::softmax(fitted.logits, classes);
  std::vector<double> result = metrics::softmax(judged.logits, classes);
  const double least = 1 / (static_cast<double>(fitted.truth.size()) + 2);
  for (std::size_t c = 0; c < classes; ++c) {
    const auto curve =
        metrics::fit_isotonic(metrics::column(from, classes, c), metrics::is_class(fitted.truth, static_cast<int>(c)));
    for (std::size_t i = c; i < result.size(); i += classes) result[i] = std::clamp(curve(result[i]), least, 1 - least);
  }
  for (std::size_t i = 0; i < result.size(); i += classes) {
    const double sum = std::accumulate(result.begin() + static_cast<std::ptrdiff_t>(i),
                                       result.begin() + static_cast<std::ptrdiff_t>(i + classes), 0.0);
    for (std::size_t c = 0; c < classes; ++c) result[i + c] /= sum;
  }
  return result;
}

using Calibrator = std::function<std::vector<double>(const Rows& fitted, const Rows& judged)>;

/// Fits on all folds but one and judges that one, for each.
Fit cross_validated(const Predictions& predictions, const std::vector<std::size_t>& fold, const Calibrator& method) {
  const std::size_t classes = predictions.classes.size();
  std::vector<double> probabilities;
  std::vector<int> truth;
  for (std::size_t k = 0; k < folds; ++k) {
    std::vector<std::size_t> in, out;
    for (std::size_t i = 0; i < fold.size(); ++i) (fold[i] == k ? out : in).push_back(i);
    if (in.empty() || out.empty()) continue;
    const Rows judged = rows_of(predictions, out);
    const auto said = method(rows_of(predictions, in), judged);
    probabilities.insert(probabilities.end(), said.begin(), said.end());
    truth.insert(truth.end(), judged.truth.begin(), judged.truth.end());
  }
  return {metrics::log_loss(probabilities, truth, classes).value(),
          metrics::expected_calibration_error(probabilities, truth, classes).value(),
          metrics::brier_score(probabilities, truth, classes).value()};
}

}  // namespace

std::vector<Compared> compare_calibration(const Predictions& predictions, std::uint64_t seed) {
  const CaseClusters units = cluster_cases(predictions.cases);
  if (units.count < 2 * folds) return {};
  std::vector<std::size_t> fold_of_unit(units.count);
  for (std::size_t i = 0; i < units.count; ++i) fold_of_unit[i] = i % folds;
  Random(seed).shuffle(std::span(fold_of_unit));
  std::vector<std::size_t> fold;
  for (std::size_t i = 0; i < predictions.cases.size(); ++i)
    fold.push_back(fold_of_unit[units.clustered() ? units.of[i] : i]);

  const std::size_t classes = predictions.classes.size();
  const std::pair<const char*, Calibrator> methods[] = {
      {"none", [&](const Rows&, const Rows& judged) { return metrics::softmax(judged.logits, classes); }},
      {"temperature",
       [&](const Rows& fitted, const Rows& judged) {
         return metrics::softmax(judged.logits, classes,
                                 metrics::fit_temperature(fitted.logits, fitted.truth, classes));
       }},
      {"vector",
       [&](const Rows& fitted, const Rows& judged) {
         const auto scaling = metrics::fit_vector_scaling(fitted.logits, fitted.truth, classes);
         return metrics::softmax(metrics::scaled(judged.logits, scaling), classes);
       }},
      {"isotonic", [&](const Rows& fitted, const Rows& judged) { return isotonic(fitted, judged, classes); }}};
  std::vector<Compared> compared;
  for (const auto& [name, method] : methods) compared.push_back({name, cross_validated(predictions, fold, method)});
  return compared;
}

}  // namespace naevus::evaluate
