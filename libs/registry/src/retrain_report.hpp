#pragma once
#include <string>

#include "naevus/registry/retrain.hpp"

namespace naevus::registry {

/// The retraining for a person, as a page. It names no picture and no patient.
std::string report_of(const RetrainResult& result);

}  // namespace naevus::registry
