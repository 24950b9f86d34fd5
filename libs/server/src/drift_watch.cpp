#include "drift_watch.hpp"

#include <fmt/format.h>

#include "naevus/base/log.hpp"

namespace naevus::server {
namespace {

using namespace std::chrono_literals;

constexpr auto between_looks = 5min;
constexpr auto usual_window = 30 * 24h;

drift::Observation observation_of(store::RecentAnswer answer) {
  drift::Observation one{.predicted = std::move(answer.predicted_class), .measures = std::move(answer.measures)};
  if (answer.malignant_score) one.measures["malignant"] = *answer.malignant_score;
  if (answer.ood_score) one.measures["ood_score"] = *answer.ood_score;
  return one;
}

}  // namespace

DriftWatch::DriftWatch(store::Database& database, ServedModels& models, Metrics& metrics)
    : database_(database), models_(models), metrics_(metrics), thread_([this] { run(); }) {}

DriftWatch::~DriftWatch() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  news_.notify_all();
}

std::optional<DriftReport> DriftWatch::look(const store::ModelVersion& model, std::optional<store::Time> since) {
  const auto card = models_.card_of(model.name, model.version);
  const store::Model served = models_.current()->entry;
  const bool told = !since && served.name == model.name && served.version == model.version;
  const std::optional<model::Reference> reference = card ? card->reference : std::nullopt;
  if (!reference) {
    if (told) metrics_.drift({});
    return std::nullopt;
  }
  DriftReport report{.model = model, .of = reference->of, .classes = card->classes};
  report.since =
      since.value_or(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) - usual_window);
  std::vector<drift::Observation> now;
  for (auto& answer : store::recent_answers(database_, model.name, model.version, most_answers, report.since))
    now.push_back(observation_of(std::move(answer)));
  report.answers = now.size();
  report.changes = drift::changes(*reference, card->classes, now);
  if (told) metrics_.drift(report.changes);
  return report;
}

void DriftWatch::run() {
  std::string trouble;
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    try {
      const auto model = models_.current();
      look({model->entry.name, model->entry.version}, std::nullopt);
      trouble.clear();
    } catch (const std::exception& error) {
      if (trouble != error.what()) log::warning(fmt::format("drift is not told: {}", error.what()));
      trouble = error.what();
    }
    lock.lock();
    news_.wait_for(lock, between_looks, [&] { return ending_; });
  }
}

}  // namespace naevus::server
