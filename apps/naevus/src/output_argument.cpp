#include "output_argument.hpp"

#include <algorithm>
#include <system_error>

#include "naevus/base/error.hpp"

namespace naevus::app {
namespace fs = std::filesystem;

void keep_inputs(const fs::path& out, const std::vector<fs::path>& inputs) {
  const auto is_out = [&](const fs::path& input) {
    std::error_code missing;  // what is not there can't be the other
    return fs::equivalent(input, out, missing);
  };
  if (!out.empty() && std::any_of(inputs.begin(), inputs.end(), is_out))
    throw UsageError("would be written over, and is read here", out.string(), "name another file for the output");
}

}  // namespace naevus::app
