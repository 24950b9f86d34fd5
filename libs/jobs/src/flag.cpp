#include "naevus/jobs/flag.hpp"

#include <algorithm>

namespace naevus::jobs {

std::string flag_of(std::string key) {
  std::replace_if(key.begin(), key.end(), [](char c) { return c == '_' || c == '.'; }, '-');
  return "--" + key;
}

}  // namespace naevus::jobs
