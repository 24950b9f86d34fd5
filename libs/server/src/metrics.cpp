#include "metrics.hpp"

#include <prometheus/text_serializer.h>

namespace naevus::server {
namespace {

using prometheus::Histogram;

/// Half a millisecond to 32 seconds.
Histogram::BucketBoundaries seconds() {
  Histogram::BucketBoundaries limits{0.0005};
  while (limits.size() < 17) limits.push_back(2 * limits.back());
  return limits;
}

template <class Builder>
auto& one(Builder builder, prometheus::Registry& registry, const char* name, const char* help) {
  return builder.Name(name).Help(help).Register(registry);
}

}  // namespace

Metrics::Metrics()
    : requests_(one(prometheus::BuildCounter(), registry_, "naevus_requests_total", "Requests by route and status")),
      refusals_(one(prometheus::BuildCounter(), registry_, "naevus_refusals_total",
                    "Requests not answered as asked, by reason")),
      request_seconds_(one(prometheus::BuildHistogram(), registry_, "naevus_request_seconds",
                           "From a request's header to its answer")),
      stage_seconds_(
          one(prometheus::BuildHistogram(), registry_, "naevus_stage_seconds", "What the stages of a prediction took")),
      model_(one(prometheus::BuildGauge(), registry_, "naevus_model_info", "1 for the model that answers")),
      shadow_(one(prometheus::BuildCounter(), registry_, "naevus_shadow_pictures_total",
                  "Pictures that a candidate looked at too, by whether it said the same")),
      drift_psi_(one(prometheus::BuildGauge(), registry_, "naevus_drift_psi",
                     "Population stability index of the last answers against the model's held-out pictures")),
      drift_proven_(one(prometheus::BuildGauge(), registry_, "naevus_drift_proven",
                        "1 where that index is 0.1 or more, and more than chance gives")),
      queued(one(prometheus::BuildGauge(), registry_, "naevus_queue_length", "Pictures that wait for a model thread")
                 .Add({})),
      ready(one(prometheus::BuildGauge(), registry_, "naevus_ready", "1 while requests are answered").Add({})),
      side_by_side(one(prometheus::BuildHistogram(), registry_, "naevus_batch_size", "Pictures in work at once")
                       .Add({}, Histogram::BucketBoundaries{1, 2, 4, 8, 16, 32, 64, 128})),
      abandoned(
          one(prometheus::BuildCounter(), registry_, "naevus_abandoned_total", "Work dropped: the client was gone")
              .Add({})),
      decoders_lost(one(prometheus::BuildCounter(), registry_, "naevus_decoders_lost_total",
                        "Decoder processes that crashed or were killed")
                        .Add({})),
      models_refused(one(prometheus::BuildCounter(), registry_, "naevus_models_refused_total",
                         "Models that were to serve, and could not")
                         .Add({})),
      shadow_dropped(one(prometheus::BuildCounter(), registry_, "naevus_shadow_dropped_total",
                         "Pictures that a candidate had no time for, or could not answer")
                         .Add({})) {}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(registry_.Collect());
}

void Metrics::request(const std::string& route, unsigned status, double took) {
  requests_.Add({{"route", route}, {"status", std::to_string(status)}}).Increment();
  request_seconds_.Add({{"route", route}}, seconds()).Observe(took);
}

void Metrics::refusal(const std::string& reason) {
  refusals_.Add({{"reason", reason}}).Increment();
}

void Metrics::serves(const std::string& name, const std::string& version, const std::string& sha256) {
  prometheus::Gauge& next = model_.Add({{"name", name}, {"version", version}, {"sha256", sha256}});
  next.Set(1);
  if (serving_ != nullptr && serving_ != &next) model_.Remove(serving_);
  serving_ = &next;
}

void Metrics::drift(const std::vector<drift::Change>& changes) {
  const std::lock_guard lock(drift_mutex_);
  auto before = std::exchange(drifts_, {});
  for (const drift::Change& one : changes) {
    if (!one.stability) continue;
    auto& [psi, proven] = drifts_[one.measure];
    psi = &drift_psi_.Add({{"measure", one.measure}});
    proven = &drift_proven_.Add({{"measure", one.measure}});
    psi->Set(one.stability->psi);
    proven->Set(one.verdict == drift::Verdict::moderate || one.verdict == drift::Verdict::shifted ? 1 : 0);
    before.erase(one.measure);
  }
  for (const auto& [measure, gauges] : before) {
    drift_psi_.Remove(gauges.first);
    drift_proven_.Remove(gauges.second);
  }
}

void Metrics::shadowed(bool same_class, bool same_decision) {
  const auto word = [](bool same) { return same ? "same" : "other"; };
  shadow_.Add({{"class", word(same_class)}, {"decision", word(same_decision)}}).Increment();
}

Histogram& Metrics::stage(const std::string& stage) {
  return stage_seconds_.Add({{"stage", stage}}, seconds());
}

}  // namespace naevus::server
