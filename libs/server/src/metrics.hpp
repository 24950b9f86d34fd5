#pragma once
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "naevus/drift/drift.hpp"

namespace naevus::server {

/// What /metrics tells. Thread-safe.
class Metrics {
 public:
  Metrics();

  /// The exposition format of Prometheus, version 0.0.4.
  std::string text() const;

  /// @param route  its pattern, never the path as sent: labels must be few
  void request(const std::string& route, unsigned status, double seconds);
  /// @param reason  the refusal's kind
  void refusal(const std::string& reason);

  /// That model answers from now on.
  void serves(const std::string& name, const std::string& version, const std::string& sha256);

  /// How far what the model that answers sees and says has moved. What is not named any more is not told any more.
  void drift(const std::vector<drift::Change>& changes);

  /// A candidate has looked at a picture too.
  void shadowed(bool same_class, bool same_decision);

  /// @param stage  "queue", "decode", "infer", "store"
  prometheus::Histogram& stage(const std::string& stage);

 private:
  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Counter>& refusals_;
  prometheus::Family<prometheus::Histogram>& request_seconds_;
  prometheus::Family<prometheus::Histogram>& stage_seconds_;
  prometheus::Family<prometheus::Gauge>& model_;
  prometheus::Family<prometheus::Counter>& shadow_;
  prometheus::Family<prometheus::Gauge>&drift_psi_, &drift_proven_;
  prometheus::Gauge* serving_ = nullptr;  ///< of model_
  std::mutex drift_mutex_;
  std::map<std::string, std::pair<prometheus::Gauge*, prometheus::Gauge*>> drifts_;  ///< by measure

 public:
  prometheus::Gauge& queued;            ///< pictures that wait for a model thread
  prometheus::Gauge& ready;             ///< 1: requests are answered
  prometheus::Histogram& side_by_side;  ///< pictures in work at once, seen by each as it begins: the batch
  prometheus::Counter& abandoned;       ///< work dropped because the client was gone
  prometheus::Counter& decoders_lost;
  prometheus::Counter& models_refused;  ///< that were to serve, and could not
  prometheus::Counter& shadow_dropped;  ///< pictures that a candidate had no time for, or could not answer
};

}  // namespace naevus::server
