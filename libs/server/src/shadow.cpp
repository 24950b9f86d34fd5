#include "shadow.hpp"

#include <fmt/format.h>
#include <sched.h>

#include "answer_json.hpp"
#include "naevus/base/log.hpp"

namespace naevus::server {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_waiting = 8;
constexpr std::uint64_t most_bytes = std::uint64_t{64} << 20;
constexpr auto between_counts = 2s;

}  // namespace

Shadow::Shadow(store::Database& database, const store::ModelFolder& files, const DecoderOptions& decoder,
               Metrics& metrics)
    : database_(database), files_(files), decoder_(decoder), metrics_(metrics) {
  decoder_.children = 1;
  thread_ = std::jthread([this] { run(); });
}

Shadow::~Shadow() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  news_.notify_all();
}

void Shadow::set(const std::optional<store::Model>& candidate) {
  {
    const std::lock_guard lock(mutex_);
    const std::string before = wanted_ ? wanted_->sha256 : "", now = candidate ? candidate->sha256 : "";
    if (before == now) return;
    wanted_ = candidate;
    changed_ = true;
    ready_ = false;
    waiting_.clear();
    waiting_bytes_ = 0;
  }
  news_.notify_one();
}

void Shadow::offer(Answered answered) {
  {
    const std::lock_guard lock(mutex_);
    if (!ready_) return;
    const std::uint64_t bytes = answered.file->size() + answered.prepared.pixels.size();
    if (waiting_.size() == most_waiting || waiting_bytes_ + bytes > most_bytes) {
      metrics_.shadow_dropped.Increment();
      return;
    }
    waiting_bytes_ += bytes;
    waiting_.push_back(std::move(answered));
  }
  news_.notify_one();
}

void Shadow::run() {
  // What it starts (the candidate's own threads, its decoder) is run as seldom. Where the system forbids it, the bound
  // on what waits still holds.
  const sched_param parameters{.sched_priority = 0};
  sched_setscheduler(0, SCHED_IDLE, &parameters);
  for (;;) {
    std::unique_lock lock(mutex_);
    news_.wait_for(lock, between_counts, [&] { return ending_ || changed_ || !waiting_.empty(); });
    if (ending_) break;
    if (std::exchange(changed_, false)) {
      const auto wanted = wanted_;
      lock.unlock();
      load(wanted);
    } else if (!waiting_.empty()) {
      const Answered answered = std::move(waiting_.front());
      waiting_.pop_front();
      waiting_bytes_ -= answered.file->size() + answered.prepared.pixels.size();
      lock.unlock();
      look_at(answered);
    } else {
      lock.unlock();
    }
    if (Clock::now() >= keep_counts_at_) keep_counts();
  }
  keep_counts();
}

void Shadow::load(const std::optional<store::Model>& wanted) {
  candidate_.reset();
  if (!wanted) return;
  try {
    candidate_ = std::make_shared<const LoadedModel>(*wanted, files_, 1);
  } catch (const std::exception& error) {
    log::warning(fmt::format("{} v{} can't look on: {}", wanted->name, wanted->version, error.what()));
    return;
  }
  const std::lock_guard lock(mutex_);
  ready_ = !changed_;
}

void Shadow::look_at(const Answered& answered) {
  if (answered.model->entry.sha256 == candidate_->entry.sha256) return;  // it has been promoted meanwhile
  try {
    std::optional<DecodedPicture> decoded;
    if (candidate_->classifier.preparation() != answered.model->classifier.preparation()) {
      if (!decoders_) decoders_ = std::make_unique<DecoderPool>(decoder_);
      decoded = decoders_->decode(bytes_of(answered.file), candidate_->classifier.preparation());
    }
    const image::Image& prepared = decoded ? decoded->prepared : answered.prepared;
    const Seen seen{.answer = candidate_->classifier.classify({&prepared, 1}).front(), .model = candidate_};
    count(answered, prediction_of(seen));
  } catch (const std::exception& error) {
    metrics_.shadow_dropped.Increment();
    log::info(fmt::format("the shadow gave no answer: {}", error.what()));
  }
}

void Shadow::count(const Answered& answered, const store::Prediction& said) {
  const bool same_class = said.predicted_class() == answered.predicted_class;
  const bool same_decision = said.decision == answered.decision;
  metrics_.shadowed(same_class, same_decision);
  auto& counted = counts_[{candidate_->entry.sha256, answered.model->entry.sha256}];
  if (counts_.size() == 1 && counted.pictures == 0) keep_counts_at_ = Clock::now() + between_counts;
  ++counted.pictures;
  counted.same_class += same_class ? 1 : 0;
  counted.same_decision += same_decision ? 1 : 0;
}

void Shadow::keep_counts() {
  keep_counts_at_ = Clock::now() + between_counts;
  try {
    while (!counts_.empty()) {
      auto [models, agreement] = *counts_.begin();
      agreement.served_sha256 = models.second;
      store::add_agreement(database_, models.first, agreement);
      counts_.erase(counts_.begin());
    }
  } catch (const Error& error) {
    keep_counts_at_ = Clock::now() + 60s;
    log::warning(fmt::format("what the shadow agreed on is not kept yet: {}", error.what()));
  }
}

}  // namespace naevus::server
