#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "naevus/metrics/interval.hpp"

namespace naevus::evaluate {

/// How an interval was made.
enum class Method : std::uint8_t {
  none,             ///< there is none
  wilson,           ///< Wilson's score interval of a proportion of independent cases
  delong,           ///< DeLong's variance of an area, on the logit scale; independent cases
  obuchowski,       ///< Obuchowski's variance of an area, on the logit scale; cases in clusters
  newcombe,         ///< Newcombe's method 5 for an area, where the variances above say nothing
  bootstrap,        ///< percentile bootstrap of cases, or of clusters where there are any
  basic_bootstrap,  ///< the same turned around the value (Davison & Hinkley 1997, ch. 5): takes its bias off
  likelihood,       ///< Wald's interval of a maximum likelihood fit
  sandwich,         ///< the same with the clusters' variance
};

/// "wilson", "delong", ...: as in JSON.
std::string_view to_string(Method method);
/// "Wilson's score interval", ...: for a reader.
std::string_view in_words(Method method);

/// A score with its interval. No value: it does not exist for these cases.
struct Estimate {
  std::optional<double> value;
  std::optional<metrics::Interval> interval;
  Method method = Method::none;  ///< of the interval
};

}  // namespace naevus::evaluate
