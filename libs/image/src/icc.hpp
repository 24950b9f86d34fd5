#pragma once
#include <string>

#include "codec.hpp"

namespace naevus::image {

/// The name of a colour profile that is not sRGB; empty where its primaries are sRGB's (to 0.01, adapted to D50), or
/// there is no profile. Tone curves are not compared. ICC.1:2022, 7 and 9.
std::string foreign_profile(Bytes profile);

}  // namespace naevus::image
