#pragma once
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "naevus/base/error.hpp"

namespace naevus::model {

/// Reads the keys of one JSON object; every key is asked for once, and none may be left over.
class CardReader {
 public:
  explicit CardReader(const nlohmann::json& object) : object_(object) {}

  const nlohmann::json& at(const std::string& key) {
    const nlohmann::json* found = find(key);
    if (found == nullptr) fail(key, "is missing");
    return *found;
  }
  /// A key that may be absent: nullptr then.
  const nlohmann::json* find(const std::string& key) {
    asked_.insert(key);
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }
  std::string text(const std::string& key) { return text_of(key, at(key)); }
  std::vector<std::string> texts(const std::string& key) {
    std::vector<std::string> list;
    for (const nlohmann::json& value : array(key)) list.push_back(text_of(key, value));
    return list;
  }
  double number(const std::string& key) { return number_of(key, at(key)); }
  std::optional<double> optional_number(const std::string& key) {
    const nlohmann::json& value = at(key);
    return value.is_null() ? std::nullopt : std::optional(number_of(key, value));
  }
  int integer(const std::string& key, int low, int high) {
    const nlohmann::json& value = at(key);
    if (!value.is_number_integer() || value < low || value > high)
      fail(key, fmt::format("is no whole number from {} to {}", low, high));
    return value.get<int>();
  }
  std::array<float, 3> channels(const std::string& key) {
    const nlohmann::json& values = array(key);
    if (values.size() != 3) fail(key, "has not three numbers");
    std::array<float, 3> result{};
    for (std::size_t i = 0; i < 3; ++i) result[i] = static_cast<float>(number_of(key, values[i]));
    return result;
  }
  const nlohmann::json& array(const std::string& key) {
    const nlohmann::json& value = at(key);
    if (!value.is_array()) fail(key, "is no list");
    return value;
  }
  /// @throws InputError for a key that nothing asked for
  void finish() const {
    for (const auto& [key, value] : object_.items())
      if (!asked_.contains(key)) fail(key, "is not known");
  }
  [[noreturn]] static void fail(const std::string& key, const std::string& problem) {
    throw InputError(fmt::format("the model's card is not sound: '{}' {}", key, problem));
  }

 private:
  static std::string text_of(const std::string& key, const nlohmann::json& value) {
    if (!value.is_string()) fail(key, "is no text");
    return value.get<std::string>();
  }
  static double number_of(const std::string& key, const nlohmann::json& value) {
    if (!value.is_number() || !std::isfinite(value.get<double>())) fail(key, "is no number");
    return value.get<double>();
  }

  const nlohmann::json& object_;
  std::set<std::string> asked_;
};

}  // namespace naevus::model
