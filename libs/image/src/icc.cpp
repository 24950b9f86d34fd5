#include "icc.hpp"

#include <array>
#include <cmath>
#include <optional>
#include <string_view>

namespace naevus::image {
namespace {

using namespace std::string_view_literals;

constexpr auto unreadable = "unreadable";

/// Bounded big-endian reads; nothing past the end.
class Profile {
 public:
  explicit Profile(Bytes bytes) : bytes_(bytes) {}

  std::optional<std::uint32_t> number(std::size_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < 4) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | byte_at(bytes_, offset + i);
    return value;
  }

  std::string_view text(std::size_t offset, std::size_t size) const {
    if (offset > bytes_.size() || bytes_.size() - offset < size) return {};
    return {reinterpret_cast<const char*>(bytes_.data()) + offset, size};
  }

  /// Where a tag's data begins.
  std::optional<std::size_t> tag(std::string_view signature) const {
    constexpr std::size_t table = 128, entry_size = 12;
    const auto count = number(table);
    for (std::size_t i = 0; count && i < *count; ++i) {
      const std::size_t entry = table + 4 + entry_size * i;
      if (entry + entry_size > bytes_.size()) break;
      if (text(entry, 4) == signature) return number(entry + 4);
    }
    return std::nullopt;
  }

 private:
  Bytes bytes_;
};

bool has_srgb_primaries(const Profile& profile) {
  constexpr std::array<std::string_view, 3> tags = {"rXYZ"sv, "gXYZ"sv, "bXYZ"sv};
  constexpr double srgb[3][3] = {{0.4361, 0.2225, 0.0139}, {0.3851, 0.7169, 0.0971}, {0.1431, 0.0606, 0.7141}};
  constexpr double tolerance = 0.01;
  for (std::size_t c = 0; c < 3; ++c) {
    const auto at = profile.tag(tags[c]);
    if (!at) return false;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto value = profile.number(*at + 8 + 4 * i);
      if (!value || std::abs(static_cast<std::int32_t>(*value) / 65536.0 - srgb[c][i]) > tolerance) return false;
    }
  }
  return true;
}

/// Printable ASCII of a name, at most 80 characters.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 160)) {
    if (c >= ' ' && c <= '~' && out.size() < 80) out += c;
  }
  return out;
}

std::string description(const Profile& profile) {
  const auto at = profile.tag("desc");
  if (!at) return {};
  if (profile.text(*at, 4) == "mluc") {
    // The first language's name, UTF-16: its lower bytes are the ASCII.
    const auto size = profile.number(*at + 20), offset = profile.number(*at + 24);
    return size && offset ? plain(profile.text(*at + *offset, *size)) : std::string();
  }
  const auto size = profile.number(*at + 8);
  return size ? plain(profile.text(*at + 12, *size)) : std::string();
}

}  // namespace

std::string foreign_profile(Bytes bytes) {
  if (bytes.empty()) return {};
  const Profile profile(bytes);
  if (profile.text(36, 4) != "acsp") return unreadable;
  if (has_srgb_primaries(profile)) return {};
  const std::string name = description(profile);
  return name.empty() ? "unnamed" : name;
}

}  // namespace naevus::image
