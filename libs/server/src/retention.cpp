#include "retention.hpp"

#include <fmt/format.h>

#include "naevus/base/log.hpp"
#include "naevus/store/predictions.hpp"

namespace naevus::server {
namespace {

using namespace std::chrono_literals;

constexpr auto between_looks = 1h;

}  // namespace

Retention::Retention(store::Database& database, const store::PictureFolder& pictures, GalleryDesk& gallery,
                     std::optional<std::chrono::days> keep)
    : database_(database), pictures_(pictures), gallery_(gallery) {
  if (!keep) return;
  keep_ = *keep;
  thread_ = std::jthread([this] { run(); });
}

Retention::~Retention() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  news_.notify_all();
}

bool Retention::ending() {
  const std::lock_guard lock(mutex_);
  return ending_;
}

void Retention::run() {
  while (!ending()) {
    try {
      if (const std::size_t erased = erase_old(); erased > 0)
        log::info(fmt::format("{} predictions older than {} days were erased", erased, keep_.count()));
    } catch (const std::exception& error) {
      log::warning(
          fmt::format("predictions older than {} days stay for another hour: {}", keep_.count(), error.what()));
    }
    std::unique_lock lock(mutex_);
    news_.wait_for(lock, between_looks, [&] { return ending_; });
  }
}

std::size_t Retention::erase_old() {
  constexpr std::size_t batch = 100;
  std::size_t count = 0;
  for (bool more = true; more && !ending();) {
    const auto old = store::predictions_before(database_, store::now() - keep_, batch);
    for (const auto& id : old) {
      if (ending()) break;
      const auto erased = store::erase_prediction(database_, pictures_, {"retention"}, id);
      if (erased && erased->picture_removed) gallery_.forget({erased->picture});
      if (erased) ++count;
    }
    more = old.size() == batch;
  }
  return count;
}

}  // namespace naevus::server
