#pragma once
#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "guard.hpp"
#include "naevus/server/listener.hpp"
#include "proxies.hpp"

namespace naevus::server {

/// A connection as its listener knows it.
class Guest {
 public:
  virtual ~Guest() = default;
  /// Ends it if no request of it is under way; from any thread.
  virtual void stop_if_idle() = 0;
};

/// Who is connected: counts, in all and by address.
class Guests {
 public:
  /// Whether one more from that address is welcome; it is counted then.
  bool enter(const std::string& address, int most);
  void leave(const std::string& address);
  void add(const std::shared_ptr<Guest>& guest);
  void stop_idle();
  int count() const { return count_.load(); }
  /// Waits until nobody is left. False: the time was up first.
  bool wait_until_empty(std::chrono::milliseconds patience);

 private:
  std::mutex mutex_;
  std::condition_variable empty_;
  std::atomic<int> count_ = 0;
  std::map<std::string, int> by_address_;
  std::set<std::weak_ptr<Guest>, std::owner_less<>> guests_;
};

/// A guest's place, from its welcome to its end, whatever the end.
class Seat {
 public:
  Seat(Guests& guests, std::string address) : guests_(guests), address_(std::move(address)) {}
  ~Seat() { guests_.leave(address_); }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

 private:
  Guests& guests_;
  std::string address_;
};

/// Looks whether those who wait for an answer are still there: their sockets are polled together now and then, without
/// reading, since what a patient client sent next (pipelining) belongs to the parser. A client that closes its sending
/// half counts as gone.
class Presence {
 public:
  /// @returns set once the peer of that socket is gone
  std::shared_ptr<const std::atomic<bool>> watch(int descriptor);
  /// To be called before the descriptor is closed.
  void forget(int descriptor);
  void look();

 private:
  std::mutex mutex_;
  std::map<int, std::shared_ptr<std::atomic<bool>>> watched_;
};

/// 503: of a client's address.
Refusal too_many_connections();

/// What all connections of a listener share.
struct Shared {
  Shared(ListenerLimits limits_in, Names names_in, Proxies proxies_in)
      : limits(limits_in), names(std::move(names_in)), proxies(std::move(proxies_in)) {}

  ListenerLimits limits;
  Names names;
  Proxies proxies;
  Judge judge;
  Listener::OnEnd on_end;
  Guests guests;
  Guests clients;  ///< of trusted proxies: one a request that is under way
  Presence presence;
  std::atomic<bool> draining = false;
  std::atomic<std::uint64_t> bodies = 0;  ///< bytes that are held, or may come

  std::string next_id();

  /// A place for a request of a trusted proxy's client, until it is answered; nothing where there is no proxy.
  /// @throws Refusal 503 where its address has too many
  std::unique_ptr<Seat> seat_of(const Head& head);

 private:
  std::atomic<std::uint64_t> requests_ = 0;
};

}  // namespace naevus::server
