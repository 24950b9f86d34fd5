#include "recalibrated.hpp"

#include "naevus/base/file.hpp"
#include "naevus/evaluate/calibrate.hpp"
#include "naevus/evaluate/reference.hpp"
#include "naevus/evaluate/run_model.hpp"
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

}  // namespace naevus::registry
