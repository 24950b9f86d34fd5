#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "loaded_model.hpp"
#include "metrics.hpp"
#include "naevus/server/server.hpp"
#include "naevus/store/database.hpp"
#include "shadow.hpp"

namespace naevus::server {

/// The model that answers, and the change to another. A thread of its own loads and tests the next one while the old
/// one goes on; the change is one pointer between two pictures. What the database says holds: a promotion made
/// elsewhere is seen within some seconds.
class ServedModels {
 public:
  /// Loads the model that the options name, else the one that was promoted, else the one that comes along.
  /// @throws IoError, InputError as infer::Classifier and registry::add_model
  ServedModels(const ServerOptions& options, store::Database& database, const store::ModelFolder& files,
               DecoderPool& decoders, Shadow& shadow, Metrics& metrics);
  /// Does what was posted.
  ~ServedModels();
  ServedModels(const ServedModels&) = delete;
  ServedModels& operator=(const ServedModels&) = delete;

  /// Tests what was loaded, promotes it where it is not what the database says, and starts the thread.
  /// @throws Error if it does not answer
  void start();

  ModelPointer current() const;

  /// The card of a version that was entered here; nothing where there is none, or it can't be read. May read a file:
  /// not on a network thread.
  /// @throws IoError if the database can't be read
  std::shared_ptr<const model::Card> card_of(const std::string& name, const std::string& version);

  /// Does it on the thread that changes models, one after another.
  /// @param job  must not throw
  void post(std::function<void()> job);

  /// Loads and tests the model, promotes it for that reason, and answers with it from then on. Only within post().
  /// @throws Refusal 422 where it can't serve, with the old one going on; IoError
  void promote(const store::Actor& actor, const store::Model& model, const std::string& reason);

  /// The same for the model that answered before.
  /// @return it
  /// @throws Refusal 409 where there is none; 422; IoError
  store::Model roll_back(const store::Actor& actor, const std::string& reason);

  /// Does what the database says by now. Only within post().
  void look();

 private:
  using Clock = std::chrono::steady_clock;

  void run();
  void look_now_and_then();
  void make_ready(const store::Model& entry);
  ModelPointer tested(const store::Model& entry);
  void serve(ModelPointer next);
  ModelPointer load(const store::Model& entry) const;
  store::Model first_model(const ServerOptions& options);

  store::Database& database_;
  const store::ModelFolder& files_;
  DecoderPool& decoders_;
  Shadow& shadow_;
  Metrics& metrics_;
  int threads_;

  ModelPointer next_;          ///< loaded and tested, not yet promoted
  std::int64_t change_ = -1;   ///< of the database, that was done last
  std::int64_t failed_ = -1;   ///< the change that could not be done
  Clock::time_point retry_{};  ///< when it is tried again
  std::string trouble_;        ///< that was logged last
  std::string first_reason_;   ///< why the first one is to be promoted; empty: it was

  mutable std::mutex current_mutex_;
  ModelPointer current_;

  std::mutex cards_mutex_;
  std::map<std::pair<std::string, std::string>, std::shared_ptr<const model::Card>> cards_;

  std::mutex mutex_;
  std::condition_variable news_;
  std::deque<std::function<void()>> jobs_;
  bool ending_ = false;
  std::jthread thread_;
};

}  // namespace naevus::server
