#include "live.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "naevus/base/progress.hpp"
#include "naevus/base/terminal.hpp"

namespace naevus::train {
namespace {

std::string bar(double share) {
  constexpr int width = 20;
  const int full = static_cast<int>(share * width + 0.5);
  std::string text;
  for (int i = 0; i < width; ++i) text += i < full ? "━" : "─";
  return text;
}

std::string score(const Position& position) {
  if (position.rows.empty()) return "";
  return fmt::format("   val BACC {:.3f} (best {:.3f}, epoch {})", position.rows.back().balanced_accuracy,
                     position.best_balanced_accuracy, position.best_epoch);
}

double mean_loss(const Position& position) {
  return position.batch == 0 ? 0 : position.loss_sum / static_cast<double>(position.batch);
}

}  // namespace

Live::Live(int epochs, std::uint64_t steps, std::size_t batch, bool json)
    : epochs_(epochs), steps_(steps), batch_(batch), json_(json), terminal_(stderr_is_terminal()) {}

void Live::begin_epoch() {
  epoch_begin_ = Clock::now();
}

void Live::step(const Position& position) {
  ++done_;
  if (terminal_ && Clock::now() - drawn_ > std::chrono::milliseconds(100)) draw(position, nullptr);
}

void Live::validating(const Position& position) {
  training_seconds_ += std::chrono::duration<double>(Clock::now() - epoch_begin_).count();
  if (terminal_) draw(position, "validation…");
}

double Live::seconds_left(const Position& position) const {
  const double elapsed = std::chrono::duration<double>(Clock::now() - begin_).count();
  const auto total = static_cast<double>(epochs_) * static_cast<double>(steps_);
  const auto at =
      static_cast<double>(position.epoch) * static_cast<double>(steps_) + static_cast<double>(position.batch);
  return done_ == 0 ? 0 : elapsed / static_cast<double>(done_) * (total - at);
}

void Live::draw(const Position& position, const char* state) {
  drawn_ = Clock::now();
  const double elapsed = std::chrono::duration<double>(drawn_ - epoch_begin_).count() + training_seconds_;
  const double rate = static_cast<double>(done_ * batch_) / std::max(elapsed, 1e-9);
  const double share = static_cast<double>(position.batch) / static_cast<double>(steps_);
  fmt::print(stderr, "\r\033[Kepoch {:>2}/{}  {}  {}/{}  {:.1f} img/s  loss {:.3f}  {}{}", position.epoch + 1, epochs_,
             bar(share), position.batch, steps_, rate, mean_loss(position),
             state != nullptr ? std::string(state) : duration_text(seconds_left(position)) + " left", score(position));
  std::fflush(stderr);
}

void Live::end_epoch(const Position& position) {
  const auto& row = position.rows.back();
  const double elapsed = std::chrono::duration<double>(Clock::now() - begin_).count();
  const auto images = static_cast<double>(done_ * batch_);
  fmt::print(stderr, "{}epoch {:>2}/{}  {:.1f} img/s  loss {:.3f}  val loss {:.3f}  AUC {:.3f}{}   {}\n",
             terminal_ ? "\r\033[K" : "", row.epoch, epochs_, images / std::max(training_seconds_, 1e-9),
             row.train_loss, row.validation_loss, row.macro_auc, score(position),
             row.epoch < epochs_ ? duration_text(seconds_left(position)) + " left" : duration_text(elapsed));
  if (!json_) return;
  const nlohmann::json event{{"event", "epoch"},
                             {"epoch", row.epoch},
                             {"epochs", epochs_},
                             {"learning_rate", row.learning_rate},
                             {"train_loss", row.train_loss},
                             {"validation_loss", row.validation_loss},
                             {"balanced_accuracy", row.balanced_accuracy},
                             {"macro_auc", row.macro_auc},
                             {"best_epoch", position.best_epoch},
                             {"seconds_left", seconds_left(position)}};
  fmt::print("{}\n", event.dump());
  std::fflush(stdout);
}

}  // namespace naevus::train
