#include "candidate.hpp"

#include "naevus/base/file.hpp"
#include "naevus/evaluate/calibrate.hpp"
#include "naevus/evaluate/card_evaluation.hpp"
#include "naevus/evaluate/reference.hpp"
#include "naevus/evaluate/run_model.hpp"
#include "naevus/evaluate/scores.hpp"
#include "naevus/infer/classifier.hpp"
#include "naevus/model/model_file.hpp"

namespace naevus::registry {

void write_recalibrated(const Candidate& candidate, const model::Card& served, const dataset::Manifest& base,
                        int threads, const StopToken& stop) {
  model::Card card = model::read_card(candidate.trained);
  if (const auto options = evaluate::calibrated_as(served)) {
    const infer::Classifier classifier(candidate.trained, {.threads = threads});
    const auto predictions = evaluate::run_model(
        classifier, base, {.model = card.name, .part = "validation", .look_for_copies = false, .threads = threads},
        stop);
    evaluate::apply(evaluate::calibrate(predictions, *options), predictions, card);
    WorkerPool pool(threads);
    evaluate::set_reference(predictions, pool, card, stop);
  }
  card.metrics["test.readings"] = static_cast<double>(candidate.test_readings);
  write_file(candidate.file, model::with_card(candidate.trained, card));
}

void add_evaluation(const std::filesystem::path& candidate, const evaluate::Predictions& frozen,
                    const GateOptions& options) {
  model::Card card = model::read_card(candidate);
  evaluate::set_evaluation(
      evaluate::score(frozen, {.bootstrap = {.seed = options.seed, .threads = options.threads}, .positive = {}}), card);
  write_file(candidate, model::with_card(candidate, card));
}

}  // namespace naevus::registry
