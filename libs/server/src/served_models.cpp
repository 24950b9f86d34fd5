#include "served_models.hpp"

#include <fmt/format.h>

#include "naevus/base/log.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/model/model_file.hpp"
#include "naevus/registry/add_model.hpp"
#include "naevus/server/http.hpp"

namespace naevus::server {
namespace {

using namespace std::chrono_literals;

constexpr auto between_looks = 2s;
constexpr auto between_tries = 60s;  ///< of what could not be loaded

}  // namespace

ServedModels::ServedModels(const ServerOptions& options, store::Database& database, const store::ModelFolder& files,
                           DecoderPool& decoders, Shadow& shadow, Metrics& metrics)
    : database_(database),
      files_(files),
      decoders_(decoders),
      shadow_(shadow),
      metrics_(metrics),
      threads_(options.threads > 0 ? options.threads : available_cores()) {
  serve(load(first_model(options)));
}

ServedModels::~ServedModels() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  news_.notify_all();
}

store::Model ServedModels::first_model(const ServerOptions& options) {
  if (!options.model.empty()) {
    first_reason_ = "named when the server was started";
    return registry::add_model(database_, files_, {"local"}, options.model);
  }
  if (const auto serving = store::model_parts(database_).serving) return *serving;
  first_reason_ = "came with naevus; no other was promoted";
  std::error_code error;
  if (!std::filesystem::exists(options.shipped_model, error))
    throw IoError("no model is named, none was promoted here, and none came with this naevus",
                  options.shipped_model.string(), "name one; `naevus train` makes one");
  return registry::add_model(database_, files_, {"local"}, options.shipped_model);
}

void ServedModels::start() {
  const ModelPointer first = current();
  test(*first, decoders_);
  if (!first_reason_.empty()) store::promote(database_, {"local"}, first->entry.sha256, first_reason_);
  look();
  thread_ = std::jthread([this] { run(); });
}

ModelPointer ServedModels::current() const {
  const std::lock_guard lock(current_mutex_);
  return current_;
}

void ServedModels::serve(ModelPointer next) {
  metrics_.serves(next->entry.name, next->entry.version, next->entry.sha256);
  const std::lock_guard lock(current_mutex_);
  current_.swap(next);
}

ModelPointer ServedModels::load(const store::Model& entry) const {
  return std::make_shared<const LoadedModel>(entry, files_, threads_);
}

std::shared_ptr<const model::Card> ServedModels::card_of(const std::string& name, const std::string& version) {
  if (const auto model = current(); model->entry.name == name && model->entry.version == version)
    return {model, &model->card()};
  const std::lock_guard lock(cards_mutex_);
  const auto known = cards_.find({name, version});
  if (known != cards_.end()) return known->second;
  std::shared_ptr<model::Card> card;
  if (const auto entry = store::find_model(database_, name, version)) {
    try {
      card = std::make_shared<model::Card>(model::read_card(files_.file(entry->sha256)));
      card->seen.clear();  // nobody asks for it, and it is long
    } catch (const Error& error) {
      log::warning(fmt::format("the card of {} v{} can't be read: {}", name, version, error.what()));
    }
  }
  cards_[{name, version}] = card;
  return card;
}

void ServedModels::post(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  news_.notify_one();
}

void ServedModels::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    news_.wait_for(lock, between_looks, [&] { return ending_ || !jobs_.empty(); });
    if (jobs_.empty() && ending_) return;
    if (jobs_.empty()) {
      lock.unlock();
      look_now_and_then();
      continue;
    }
    const auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
  }
}

void ServedModels::look_now_and_then() {
  std::int64_t last = -1;
  try {
    last = store::last_model_change(database_);
    if (last == change_ || (last == failed_ && Clock::now() < retry_)) return;
    look();
    trouble_.clear();
  } catch (const std::exception& error) {
    failed_ = last;
    retry_ = Clock::now() + between_tries;
    if (trouble_ == error.what()) return;
    trouble_ = error.what();
    log::warning(fmt::format("what was promoted is not followed, the old model goes on: {}", trouble_));
  }
}

void ServedModels::look() {
  const auto parts = store::model_parts(database_);
  shadow_.set(parts.shadow);
  if (parts.serving && parts.serving->sha256 != current()->entry.sha256) {
    const bool ready = next_ && next_->entry.sha256 == parts.serving->sha256;
    const ModelPointer next = ready ? next_ : tested(*parts.serving);
    log::info(fmt::format("{} v{} answers from now on", next->entry.name, next->entry.version));
    serve(next);
  }
  next_.reset();
  change_ = parts.change;
}

ModelPointer ServedModels::tested(const store::Model& entry) {
  try {
    auto model = load(entry);
    test(*model, decoders_);
    return model;
  } catch (...) {
    metrics_.models_refused.Increment();
    throw;
  }
}

void ServedModels::make_ready(const store::Model& entry) {
  next_.reset();
  if (entry.sha256 == current()->entry.sha256) return;
  try {
    next_ = tested(entry);
  } catch (const Error& error) {
    log::warning(fmt::format("{} v{} can't serve: {}", entry.name, entry.version, error.what()));
    throw Refusal(422, "model", "the model can't serve: " + error.problem(), error.advice());
  }
}

void ServedModels::promote(const store::Actor& actor, const store::Model& model, const std::string& reason) {
  make_ready(model);
  store::promote(database_, actor, model.sha256, reason);
  look();
}

store::Model ServedModels::roll_back(const store::Actor& actor, const std::string& reason) {
  const auto before = store::model_parts(database_).before;
  if (!before) throw Refusal(409, "no-model-before", "no model answered before this one", "promote another");
  make_ready(*before);
  store::Model back = store::roll_back(database_, actor, reason);
  look();
  return back;
}

}  // namespace naevus::server
