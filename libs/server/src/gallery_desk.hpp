#pragma once
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "naevus/gallery/gallery.hpp"
#include "naevus/store/picture_folder.hpp"

namespace naevus::server {

/// The data folder's gallery, as its file says by now: `naevus gallery` and other replicas change it meanwhile.
class GalleryDesk {
 public:
  GalleryDesk(const std::filesystem::path& data, const store::PictureFolder& pictures);

  /// Reads the file where it has changed: not on a network thread.
  /// @return nothing where there is none
  /// @throws Refusal 409 where it is damaged; IoError
  std::shared_ptr<const gallery::Gallery> current();

  /// Takes these pictures out, and those that the data folder held and does not hold any more. On disk when it returns.
  /// @throws IoError
  void forget(const std::vector<std::string>& pictures);

 private:
  std::filesystem::path file_;
  const store::PictureFolder& pictures_;
  std::mutex mutex_;
  std::shared_ptr<const gallery::Gallery> gallery_;
  std::optional<std::pair<std::uint64_t, std::int64_t>> read_;  ///< inode and time of the file that was read
};

}  // namespace naevus::server
