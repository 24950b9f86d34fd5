#pragma once
#include "naevus/base/error.hpp"

namespace naevus {

/// There is no room left on the disk, or in this user's share of it.
class DiskFull : public IoError {
  using IoError::IoError;
};

}  // namespace naevus
