#include "shared.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <random>
#include <vector>

namespace naevus::server {

bool Guests::enter(const std::string& address, int most) {
  const std::lock_guard lock(mutex_);
  int& here = by_address_[address];
  if (here >= most) return false;
  ++here;
  ++count_;
  return true;
}

void Guests::leave(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto it = by_address_.find(address);
  if (--it->second == 0) by_address_.erase(it);
  std::erase_if(guests_, [](const std::weak_ptr<Guest>& guest) { return guest.expired(); });
  if (--count_ == 0) empty_.notify_all();
}

void Guests::add(const std::shared_ptr<Guest>& guest) {
  const std::lock_guard lock(mutex_);
  guests_.insert(guest);
}

void Guests::stop_idle() {
  const std::lock_guard lock(mutex_);
  for (const auto& weak : guests_)
    if (const auto guest = weak.lock()) guest->stop_if_idle();
}

bool Guests::wait_until_empty(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  return empty_.wait_for(lock, patience, [&] { return count_.load() == 0; });
}

std::shared_ptr<const std::atomic<bool>> Presence::watch(int descriptor) {
  auto flag = std::make_shared<std::atomic<bool>>(false);
  const std::lock_guard lock(mutex_);
  watched_[descriptor] = flag;
  return flag;
}

void Presence::forget(int descriptor) {
  const std::lock_guard lock(mutex_);
  watched_.erase(descriptor);
}

void Presence::look() {
  const std::lock_guard lock(mutex_);
  std::vector<pollfd> asked;
  asked.reserve(watched_.size());
  for (const auto& [descriptor, flag] : watched_)
    asked.push_back({.fd = descriptor, .events = POLLRDHUP, .revents = 0});
  if (asked.empty() || poll(asked.data(), asked.size(), 0) <= 0) return;
  for (const pollfd& one : asked)
    if (one.revents != 0) watched_.at(one.fd)->store(true);
}

Refusal too_many_connections() {
  return {503,
          "connections",
          "too many connections from this address at once",
          "use fewer at once, and keep them open for further requests",
          {{"Retry-After", "5"}}};
}

std::unique_ptr<Seat> Shared::seat_of(const Head& head) {
  if (proxies.none()) return nullptr;
  if (!clients.enter(head.address, limits.connections_per_address)) throw too_many_connections();
  return std::make_unique<Seat>(clients, head.address);
}

std::string Shared::next_id() {
  static const auto start = std::random_device{}();
  return fmt::format("{:08x}-{:x}", start, ++requests_);
}

}  // namespace naevus::server
