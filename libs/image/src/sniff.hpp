#pragma once
#include "codec.hpp"

namespace naevus::image {

/// The format by the file's first bytes, whatever its name says.
/// @throws InputError if it is empty or of a kind that is not read, with what to do
Format sniff_format(Bytes file);

}  // namespace naevus::image
