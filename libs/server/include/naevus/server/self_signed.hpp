#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "naevus/server/listener.hpp"

namespace naevus::server {

/// A certificate that nobody has signed but itself (ECDSA P-256, ten years), for these names and addresses and for
/// localhost. It is kept in the folder, so that who has accepted it once is not asked again; the key can be read by its
/// owner alone. One that is there is used as it is where it has these names.
/// @throws IoError if it can't be written
TlsFiles self_signed(const std::filesystem::path& folder, const std::vector<std::string>& names);

}  // namespace naevus::server
