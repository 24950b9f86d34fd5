#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "naevus/server/http.hpp"
#include "naevus/store/access.hpp"
#include "naevus/store/types.hpp"

namespace naevus::server {

/// A request on its way through a route.
struct Call {
  std::shared_ptr<Exchange> exchange;
  std::vector<std::string> names;  ///< what stands for the pattern's {…}
  store::Actor actor;              ///< who asks
  store::Role role;                ///< theirs; admin where nobody is asked

  const Head& head() const { return *exchange->head; }
};

struct Route {
  std::string method;
  std::string pattern;               ///< "/api/v1/predictions/{id}"
  std::optional<store::Role> role;   ///< that it takes where keys are asked for; nothing: anybody
  std::uint64_t body_limit = 0;      ///< bytes
  bool live = false;                 ///< a WebSocket
  bool needs_model = false;          ///< refused until the model answers, and while the server drains
  std::function<void(Call)> handle;  ///< on a network thread; what it throws is answered as answered() says
};

class Router {
 public:
  void add(Route route);

  /// What answers where no pattern is met, if `takes` says so of the request. Below the first segments of patterns it
  /// is never asked: what is missing there is missing.
  void add_rest(Route route, std::function<bool(const Head&)> takes);

  /// The pattern of the path, whatever the method: of several the one with the fewest {…}. Empty where there is none.
  std::string pattern_of(const Head& head) const;

  /// @param names  filled with what stands for the pattern's {…}
  /// @throws Refusal 404; 405 with Allow
  const Route& find(const Head& head, std::vector<std::string>& names) const;

  /// What OPTIONS answers. @throws Refusal 404
  std::string allowed(const Head& head) const;

 private:
  struct Entry {
    Route route;
    std::vector<std::string> segments;
  };
  bool is_rest(const Head& head) const;

  std::vector<Entry> entries_;
  std::optional<Route> rest_;
  std::function<bool(const Head&)> rest_takes_;
};

}  // namespace naevus::server
