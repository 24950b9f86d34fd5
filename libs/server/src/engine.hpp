#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "metrics.hpp"
#include "naevus/image/image.hpp"
#include "naevus/server/http.hpp"
#include "seen.hpp"
#include "served_models.hpp"

namespace naevus::server {

/// One picture to look at.
struct Work {
  FileBytes file;                               ///< as it was sent; or, where there is none,
  image::Image prepared;                        ///< of the model's size
  ModelPointer model;                           ///< that is to look; empty: the one that serves when its turn comes
  std::optional<std::size_t> saliency_of;       ///< not an answer is wanted but what speaks for this class
  std::optional<int> shrunk_to;                 ///< or the file's picture itself, of that longer side at most
  std::chrono::steady_clock::time_point until;  ///< nobody wants the answer afterwards
  std::shared_ptr<const std::atomic<bool>> abandoned;
  /// May be empty; else called on a model thread once the file was found to be a picture, before the model looks.
  std::function<void()> decoded;
  std::function<void(std::variant<Seen, Refusal>)> done;  ///< called once, on a model thread
};

struct EngineOptions {
  int threads = 1;
  std::size_t queue = 64;  ///< pictures that may wait
};

/// Model threads behind a bounded queue. A batch is what they work on side by side, each picture on a core of its own:
/// no picture waits for a batch to fill, and its answer does not depend on its neighbours.
class Engine {
 public:
  Engine(const ServedModels& models, DecoderPool& decoders, Metrics& metrics, const EngineOptions& options);
  /// Finishes what is queued.
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Takes all of it, or, where the queue has no room for all, none.
  /// @throws Refusal 503 with Retry-After
  void submit(std::vector<Work> work);

 private:
  void run();
  void look_at(Work work, std::chrono::steady_clock::time_point queued);
  std::variant<Seen, Refusal> answer(Work& work, std::chrono::steady_clock::time_point queued);
  Seen see(Work& work);

  const ServedModels& models_;
  DecoderPool& decoders_;
  Metrics& metrics_;
  prometheus::Histogram &queue_seconds_, &decode_seconds_, &infer_seconds_;
  EngineOptions options_;
  std::mutex mutex_;
  std::condition_variable news_;
  std::deque<std::pair<Work, std::chrono::steady_clock::time_point>> waiting_;
  bool ending_ = false;
  std::atomic<int> at_work_ = 0;
  std::atomic<double> usual_seconds_ = 0.05;  ///< that a picture takes, a running mean
  std::vector<std::jthread> threads_;
};

}  // namespace naevus::server
