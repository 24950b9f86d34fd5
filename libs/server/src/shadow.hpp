#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "metrics.hpp"
#include "naevus/image/image.hpp"
#include "naevus/server/decoder.hpp"
#include "naevus/store/database.hpp"
#include "naevus/store/predictions.hpp"
#include "seen.hpp"

namespace naevus::server {

/// A picture that was answered and kept.
struct Answered {
  ModelPointer model;  ///< that answered
  std::string predicted_class, decision;
  image::Image prepared;  ///< as that model takes it
  FileBytes file;         ///< as it was sent
};

/// A candidate that looks at what was answered, and is not heard: how often it says the same is counted. It works on
/// one thread that the system runs only while a core has nothing else to do (SCHED_IDLE), so that no answer waits for
/// it; what it has no time for is dropped.
class Shadow {
 public:
  /// @param decoder  for pictures that the candidate wants prepared otherwise
  Shadow(store::Database& database, const store::ModelFolder& files, const DecoderOptions& decoder, Metrics& metrics);
  /// What was counted is kept, what waits is dropped.
  ~Shadow();
  Shadow(const Shadow&) = delete;
  Shadow& operator=(const Shadow&) = delete;

  /// Another candidate, or none. Its thread loads it.
  void set(const std::optional<store::Model>& candidate);

  void offer(Answered answered);

 private:
  using Clock = std::chrono::steady_clock;

  void run();
  void load(const std::optional<store::Model>& wanted);
  void look_at(const Answered& answered);
  void count(const Answered& answered, const store::Prediction& said);
  void keep_counts();

  store::Database& database_;
  const store::ModelFolder& files_;
  DecoderOptions decoder_;
  Metrics& metrics_;

  ModelPointer candidate_;                                                  ///< of the thread
  std::unique_ptr<DecoderPool> decoders_;                                   ///< of the thread; made when it is needed
  std::map<std::pair<std::string, std::string>, store::Agreement> counts_;  ///< of the thread, not yet kept
  Clock::time_point keep_counts_at_{};

  std::mutex mutex_;
  std::condition_variable news_;
  std::optional<store::Model> wanted_;
  bool changed_ = false, ready_ = false, ending_ = false;
  std::deque<Answered> waiting_;
  std::uint64_t waiting_bytes_ = 0;
  std::jthread thread_;
};

}  // namespace naevus::server
