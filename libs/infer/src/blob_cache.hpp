#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace naevus::infer {

/// A folder of compiled models, one file each, named by a key. Whatever is wrong with it (no permission, a file cut
/// short, a full disk) is a line for -vv and otherwise as if the file were not there.
class BlobCache {
 public:
  /// The least recently used files go when the folder holds more.
  static constexpr std::uintmax_t max_bytes = std::uintmax_t{2} << 30;

  /// @param folder  empty: nothing is kept
  explicit BlobCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The blob that was stored under the key, if it is there and whole.
  std::optional<std::vector<std::byte>> load(const std::string& key) const;
  void store(const std::string& key, std::span<const std::byte> blob) const;
  bool active() const { return !folder_.empty(); }

 private:
  std::filesystem::path path(const std::string& key) const { return folder_ / (key + ".compiled"); }
  void prune() const;

  std::filesystem::path folder_;
};

}  // namespace naevus::infer
