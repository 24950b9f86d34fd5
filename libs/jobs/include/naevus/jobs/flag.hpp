#pragma once
#include <string>

namespace naevus::jobs {

/// The flag of naevus-train that sets a key of its config: "augmentation.scale_low" is --augmentation-scale-low.
std::string flag_of(std::string key);

}  // namespace naevus::jobs
