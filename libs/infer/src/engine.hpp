#pragma once
#include <filesystem>
#include <memory>
#include <mutex>
#include <openvino/runtime/compiled_model.hpp>
#include <openvino/runtime/infer_request.hpp>
#include <vector>

#include "blob_cache.hpp"
#include "naevus/model/card.hpp"

namespace naevus::infer {

/// A compiled network for batches of one picture; each call computes on the calling thread alone.
class Engine {
 public:
  /// @param threads  how many callers may compute at once
  /// @throws InputError if OpenVINO can't take the file
  Engine(const std::filesystem::path& model, const model::Card& card, int threads, const BlobCache& cache);

  /// One of the requests, for as long as the lease lives.
  class Lease {
   public:
    explicit Lease(Engine& engine);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ov::InferRequest& operator*() { return request_; }
    ov::InferRequest* operator->() { return &request_; }

   private:
    Engine& engine_;
    ov::InferRequest request_;
  };

 private:
  std::vector<std::byte> blob_;  ///< an imported network may keep its weights there
  ov::CompiledModel network_;
  std::mutex mutex_;
  std::vector<ov::InferRequest> idle_;
};

}  // namespace naevus::infer
