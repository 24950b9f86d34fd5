#include "cursor.hpp"

#include <charconv>
#include <limits>

#include "naevus/base/error.hpp"

namespace naevus::store {

long long begin_of_page(const std::string& cursor, const std::string& pages) {
  if (cursor.empty()) return std::numeric_limits<long long>::max();
  long long number = 0;
  const char* const end = cursor.data() + cursor.size();
  const auto [stop, error] = std::from_chars(cursor.data(), end, number);
  if (error != std::errc() || stop != end || number <= 0)
    throw InputError("is not a cursor that a page of " + pages + " gave", "cursor", "begin without one");
  return number;
}

}  // namespace naevus::store
