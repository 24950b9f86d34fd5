#pragma once
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "metrics.hpp"
#include "naevus/drift/drift.hpp"
#include "naevus/store/predictions.hpp"
#include "served_models.hpp"

namespace naevus::server {

/// What a model's last answers are held against its card.
struct DriftReport {
  store::ModelVersion model;
  std::string of;  ///< the card's held-out pictures, in words
  store::Time since;
  std::size_t answers = 0;
  std::vector<std::string> classes;
  std::vector<drift::Change> changes;
};

/// Looks now and then whether what the model sees and says is still as on its held-out pictures, and tells /metrics.
class DriftWatch {
 public:
  static constexpr std::size_t most_answers = 1000;

  DriftWatch(store::Database& database, ServedModels& models, Metrics& metrics);
  ~DriftWatch();
  DriftWatch(const DriftWatch&) = delete;
  DriftWatch& operator=(const DriftWatch&) = delete;

  /// Of the model's last 1,000 answers those since then; nothing where its card holds no reference. What is found of
  /// the model that answers, of its last 30 days, goes to /metrics.
  /// @param since  nothing: 30 days ago
  /// @throws IoError
  std::optional<DriftReport> look(const store::ModelVersion& model, std::optional<store::Time> since);

 private:
  void run();

  store::Database& database_;
  ServedModels& models_;
  Metrics& metrics_;
  std::mutex mutex_;
  std::condition_variable news_;
  bool ending_ = false;
  std::jthread thread_;
};

}  // namespace naevus::server
