#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "naevus/base/parallel.hpp"
#include "naevus/server/decoder.hpp"
#include "naevus/server/listener.hpp"
#include "naevus/store/database.hpp"
#include "naevus/store/sessions.hpp"

namespace naevus::server {

struct ServerOptions {
  std::filesystem::path model;          ///< entered and promoted; empty: the promoted one of the data,
  std::filesystem::path shipped_model;  ///< or, where none was promoted yet, this one
  store::Location data;
  std::filesystem::path workspace;  ///< whose manifests and recipes jobs may be given; empty: no jobs
  ListenerOptions listener;
  bool keys = false;  ///< ask for an API key or a session also on loopback; elsewhere it is always asked for
  store::SessionLimits sessions;
  std::optional<std::chrono::days> keep;       ///< predictions, before they are erased; nothing: for ever
  double requests_per_second = 0;              ///< of a key, or of an address where no keys are asked for; 0: no limit
  int threads = 0;                             ///< model threads; 0: all cores
  std::size_t queue = 64;                      ///< pictures that may wait
  std::chrono::milliseconds deadline{30'000};  ///< of a picture, from its request's header on
  std::chrono::milliseconds drain{30'000};     ///< for what is under way when the server stops
  DecoderOptions decoder;                      ///< its command starts a child
};

/// A model behind HTTP, with what it answered kept in a store.
class Server {
 public:
  /// Opens the data, loads the model, starts the decoders and binds the port; serves nobody yet.
  /// @throws UsageError  where an address off loopback would be served without TLS or proxy
  /// @throws IoError, InputError  as its parts: the model, the data folder or database, the port, the certificate
  explicit Server(const ServerOptions& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string url() const;
  std::uint16_t port() const;
  std::string model_name() const;
  std::string model_version() const;
  bool asks_for_keys() const;

  /// Starts serving: live at once, ready when the model has answered a picture of our own.
  /// @throws Error if it does not
  void start();

  /// Stops taking requests, answers those under way, and ends. True: all were answered in time.
  bool drain();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace naevus::server
