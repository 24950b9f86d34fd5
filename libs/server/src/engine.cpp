#include "engine.hpp"

#include <fmt/format.h>

#include <cmath>

#include "naevus/base/log.hpp"
#include "naevus/image/overlay.hpp"

namespace naevus::server {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

Refusal lost(const DecoderLost& error) {
  return error.why() == DecoderLost::Why::memory ? Refusal(413, "picture-size", error.problem(), error.advice())
                                                 : Refusal(422, "picture", error.problem(), error.advice());
}

}  // namespace

Engine::Engine(const ServedModels& models, DecoderPool& decoders, Metrics& metrics, const EngineOptions& options)
    : models_(models),
      decoders_(decoders),
      metrics_(metrics),
      queue_seconds_(metrics.stage("queue")),
      decode_seconds_(metrics.stage("decode")),
      infer_seconds_(metrics.stage("infer")),
      options_(options) {
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { run(); });
}

Engine::~Engine() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  news_.notify_all();
  threads_.clear();
}

void Engine::submit(std::vector<Work> work) {
  const auto now = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() + work.size() > options_.queue) {
      const double seconds = static_cast<double>(waiting_.size()) * usual_seconds_ / options_.threads;
      throw Refusal(503, "queue-full", fmt::format("{} pictures wait already, {} may", waiting_.size(), options_.queue),
                    "try again later", {{"Retry-After", fmt::format("{:.0f}", std::max(1.0, std::ceil(seconds)))}});
    }
    for (Work& one : work) waiting_.emplace_back(std::move(one), now);
    metrics_.queued.Set(static_cast<double>(waiting_.size()));
  }
  if (work.size() == 1)
    news_.notify_one();
  else
    news_.notify_all();
}

void Engine::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    news_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    auto [work, queued] = std::move(waiting_.front());
    waiting_.pop_front();
    metrics_.queued.Set(static_cast<double>(waiting_.size()));
    lock.unlock();
    look_at(std::move(work), queued);
  }
}

void Engine::look_at(Work work, Clock::time_point queued) {
  metrics_.side_by_side.Observe(++at_work_);
  auto said = answer(work, queued);
  --at_work_;
  try {
    work.done(std::move(said));
  } catch (const std::exception& error) {
    log::warning(fmt::format("an answer was lost: {}", error.what()));
  }
}

std::variant<Seen, Refusal> Engine::answer(Work& work, Clock::time_point queued) {
  queue_seconds_.Observe(seconds_since(queued));
  if (work.abandoned->load()) {
    metrics_.abandoned.Increment();
    return Refusal(499, "client-gone", "the client is gone");
  }
  if (Clock::now() > work.until)
    return Refusal(503, "deadline", "the picture waited too long for its turn", "try again later",
                   {{"Retry-After", "1"}});
  const auto begin = Clock::now();
  try {
    Seen seen = see(work);
    usual_seconds_ = 0.9 * usual_seconds_ + 0.1 * seconds_since(begin);
    return seen;
  } catch (const DecoderLost& error) {
    metrics_.decoders_lost.Increment();
    return lost(error);
  } catch (const InputError& error) {
    return Refusal(422, "picture", error.problem(), error.advice());
  } catch (const std::exception& error) {
    log::warning(fmt::format("a picture could not be answered: {}", error.what()));
    return Refusal(500, "internal", "the picture could not be answered: an internal error",
                   "the server's log names it beside this request's id");
  }
}

Seen Engine::see(Work& work) {
  if (work.shrunk_to) {
    const auto begin = Clock::now();
    Seen seen{.shown = decoders_.shrunk(bytes_of(work.file), *work.shrunk_to)};
    decode_seconds_.Observe(seconds_since(begin));
    return seen;
  }
  Seen seen{.model = work.model ? work.model : models_.current(), .prepared = std::move(work.prepared)};
  if (work.file) {
    const auto begin = Clock::now();
    auto decoded = decoders_.decode(bytes_of(work.file), seen.model->classifier.preparation());
    decode_seconds_.Observe(seconds_since(begin));
    seen.quality = decoded.quality;
    seen.format = decoded.format;
    seen.prepared = std::move(decoded.prepared);
    if (work.decoded) work.decoded();
  }
  const auto begin = Clock::now();
  if (work.saliency_of)
    seen.shown = image::glow_over(seen.prepared, seen.model->classifier.saliency(seen.prepared, *work.saliency_of));
  else
    seen.answer = seen.model->classifier.classify({&seen.prepared, 1}).front();
  infer_seconds_.Observe(seconds_since(begin));
  return seen;
}

}  // namespace naevus::server
