#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "gallery_desk.hpp"
#include "naevus/store/database.hpp"
#include "naevus/store/picture_folder.hpp"

namespace naevus::server {

/// Erases predictions when their time is over, as an admin would: with picture, feedback and place in the gallery, and
/// entered in the audit log. Looks at the start and each hour.
class Retention {
 public:
  /// @param keep  nothing: for ever
  Retention(store::Database& database, const store::PictureFolder& pictures, GalleryDesk& gallery,
            std::optional<std::chrono::days> keep);
  ~Retention();
  Retention(const Retention&) = delete;
  Retention& operator=(const Retention&) = delete;

 private:
  void run();
  std::size_t erase_old();
  bool ending();

  store::Database& database_;
  const store::PictureFolder& pictures_;
  GalleryDesk& gallery_;
  std::chrono::days keep_{};
  std::mutex mutex_;
  std::condition_variable news_;
  bool ending_ = false;
  std::jthread thread_;
};

}  // namespace naevus::server
