#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "naevus/clean/workspace.hpp"

namespace naevus::app {

struct ReviewCounts {
  std::size_t answered = 0, open = 0;
};

/// Shows the open findings on a page at 127.0.0.1 until Ctrl-C, and prints its address. The address holds a secret that
/// every request must name, so that neither another user of the machine nor another page in the browser reads or
/// answers anything.
/// @param port  0: one that is free
/// @throws IoError, InputError
ReviewCounts review_on_page(const clean::Workspace& workspace, const std::string& reviewer,
                            const std::vector<std::string>& kinds, std::uint16_t port);

}  // namespace naevus::app
