#pragma once
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "card_reader.hpp"

namespace naevus::model {

/// Reads an object that stands in one key of the card, or in a list there. Everything throws InputError that names the
/// card's key and, where there is one, the object's own.
class PartReader {
 public:
  /// @param key  of the card; must outlive the reader
  PartReader(const nlohmann::json& object, const char* key) : object_(object), key_(key) {
    if (!object.is_object()) fail("is no object");
  }

  /// nullptr where the object has no such key.
  const nlohmann::json* find(const char* name) const {
    const auto found = object_.find(name);
    return found == object_.end() ? nullptr : &*found;
  }
  std::string text(const char* name) const {
    const nlohmann::json* value = find(name);
    if (value == nullptr || !value->is_string()) fail(fmt::format("has no text '{}'", name));
    return value->get<std::string>();
  }
  double number(const char* name, double low, double high) const {
    const nlohmann::json* value = find(name);
    if (value == nullptr || !value->is_number() || !(value->get<double>() >= low && value->get<double>() <= high))
      fail(fmt::format("has no '{}' from {} to {}", name, low, high));
    return value->get<double>();
  }
  double share(const char* name) const { return number(name, 0, 1); }
  std::uint64_t count(const char* name) const {
    const nlohmann::json* value = find(name);
    return count_of(value == nullptr ? nlohmann::json() : *value, name);
  }
  const nlohmann::json& list(const char* name, std::size_t most = 1000) const {
    const nlohmann::json* value = find(name);
    if (value == nullptr || !value->is_array() || value->size() > most)
      fail(fmt::format("has no list '{}' of at most {}", name, most));
    return *value;
  }
  std::vector<std::uint64_t> counts(const char* name) const {
    std::vector<std::uint64_t> values;
    for (const nlohmann::json& value : list(name)) values.push_back(count_of(value, name));
    return values;
  }
  std::uint64_t count_of(const nlohmann::json& value, const char* name) const {
    constexpr std::uint64_t most = std::uint64_t{1} << 53U;  // JSON's numbers stay whole
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most)
      fail(fmt::format("has a '{}' that is no count", name));
    return value.get<std::uint64_t>();
  }
  [[noreturn]] void fail(const std::string& problem) const { CardReader::fail(key_, problem); }

 private:
  const nlohmann::json& object_;
  const char* key_;
};

}  // namespace naevus::model
