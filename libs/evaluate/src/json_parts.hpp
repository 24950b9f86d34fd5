#pragma once
#include <nlohmann/json.hpp>
#include <optional>

#include "naevus/evaluate/scores.hpp"

/// The parts of an evaluation's JSON.
namespace naevus::evaluate::json {

using Json = nlohmann::ordered_json;

Json number(const std::optional<double>& value);
Json limits(const std::optional<metrics::Interval>& interval);
/// {value, low, high, method}
Json estimate(const Estimate& estimate);
/// An infinite threshold is null.
Json curve(const std::optional<metrics::RocCurve>& roc);
Json curve(const std::optional<metrics::PrecisionRecallCurve>& curve);
Json point(const std::optional<metrics::OperatingPoint>& at);
Json checks(const std::vector<Check>& checks);
Json decisions(const Decisions& decisions);
Json reliability(const Evaluation& evaluation);
Json sets(const Evaluation& evaluation);
Json refusal(const Refusal& refusal);
Json subgroups(const std::vector<Subgroups>& all);

}  // namespace naevus::evaluate::json
