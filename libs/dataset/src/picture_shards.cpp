#include "picture_shards.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <system_error>
#include <utility>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/log.hpp"
#include "shard_eviction.hpp"

namespace naevus::dataset {
namespace {

namespace fs = std::filesystem;

constexpr const char* read_me =
    "Pictures that naevus has decoded and shrunk, kept so that the next training need not do it again.\n"
    "They are copies of your pictures: whoever may not see those should not see this folder.\n"
    "Deleting it, or any file in it, costs time and nothing else, even while naevus runs.\n";

/// What a record says.
enum class Kind : std::uint64_t {
  picture = 0x31657275746369,  // `key`: content; `value`: offset, width << 32 | height; `checksum`: of the pixels
  name = 0x316d616e65,         // `key`: a file's identity; `value`: its content
};

/// One line of an index. A torn one does not carry its own hash.
struct Record {
  Kind kind;
  std::uint64_t reserved;
  Hash128 key, value, checksum;
  std::uint64_t own_hash;
};
static_assert(sizeof(Record) == 72);

std::uint64_t own_hash_of(const Record& record) {
  return hash128(std::as_bytes(std::span(&record, 1)).first(offsetof(Record, own_hash))).low;
}

Hash128 hash_of_pixels(std::span<const std::uint8_t> pixels) {
  return hash128(std::as_bytes(pixels));
}

int open_or_throw(const fs::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (descriptor < 0) throw IoError(std::generic_category().message(errno), path.string());
  return descriptor;
}

void write_at(int descriptor, std::span<const std::byte> content, std::uint64_t offset, const fs::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::pwrite(descriptor, content.data(), content.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw IoError(std::generic_category().message(written < 0 ? errno : ENOSPC), path.string());
    content = content.subspan(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
}

}  // namespace

std::optional<Hash128> file_identity(const fs::path& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  // Two changes within one tick of the file system's clock leave the same times.
  constexpr std::time_t settled = 2;
  if (status.st_ctim.tv_sec + settled > std::time(nullptr)) return std::nullopt;
  const std::string text =
      fmt::format("{}\n{} {} {} {}.{} {}.{}", fs::absolute(path).string(), status.st_dev, status.st_ino, status.st_size,
                  status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
  return hash128(as_bytes(text));
}

/// The pixels of a shard, mapped.
struct PictureShards::Shard {
  fs::path stem;
  const std::uint8_t* data = nullptr;
  std::uint64_t bytes = 0;
  mutable std::atomic<bool> used{false};

  explicit Shard(fs::path stem_of) : stem(std::move(stem_of)) {
    const int descriptor = ::open(with(".pixels").c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    struct stat status{};
    if (::fstat(descriptor, &status) == 0 && status.st_size > 0) {
      void* mapped = ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_SHARED, descriptor, 0);
      if (mapped != MAP_FAILED) {
        data = static_cast<const std::uint8_t*>(mapped);
        bytes = static_cast<std::uint64_t>(status.st_size);
      }
    }
    ::close(descriptor);
  }
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;
  ~Shard() {
    if (data != nullptr) ::munmap(const_cast<std::uint8_t*>(data), bytes);
  }
  fs::path with(const char* extension) const { return fs::path(stem.string() + extension); }
};

/// The shard that this process writes.
class PictureShards::Writer {
 public:
  explicit Writer(const fs::path& folder) {
    static std::atomic<unsigned> serial{0};
    const auto now = std::chrono::system_clock::now().time_since_epoch().count();
    stem_ = folder / fmt::format("{:016x}-{}-{}", now, ::getpid(), serial++);
    pixels_ = open_or_throw(stem_.string() + ".pixels", O_WRONLY | O_CREAT | O_EXCL);
    index_ = open_or_throw(stem_.string() + ".index", O_WRONLY | O_CREAT | O_EXCL);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() {
    if (pixels_ >= 0) ::close(pixels_);
    if (index_ >= 0) ::close(index_);
  }

  const fs::path& stem() const { return stem_; }
  std::uint64_t bytes() const { return pixel_bytes_ + index_bytes_; }

  void picture(const Hash128& content, const image::Image& picture) {
    write_at(pixels_, std::as_bytes(std::span(picture.pixels)), pixel_bytes_, stem_);
    const auto sides = static_cast<std::uint64_t>(picture.width) << 32 | static_cast<std::uint64_t>(picture.height);
    record({.kind = Kind::picture,
            .reserved = 0,
            .key = content,
            .value = {.high = pixel_bytes_, .low = sides},
            .checksum = hash_of_pixels(picture.pixels),
            .own_hash = 0});
    pixel_bytes_ += picture.pixels.size();
  }

  void name(const Hash128& identity, const Hash128& content) {
    record({.kind = Kind::name, .reserved = 0, .key = identity, .value = content, .checksum = {}, .own_hash = 0});
  }

 private:
  void record(Record record) {
    record.own_hash = own_hash_of(record);
    write_at(index_, std::as_bytes(std::span(&record, 1)), index_bytes_, stem_);
    index_bytes_ += sizeof(Record);
  }

  fs::path stem_;
  int pixels_ = -1, index_ = -1;
  std::uint64_t pixel_bytes_ = 0, index_bytes_ = 0;
};

PictureShards::PictureShards(fs::path root, const std::string& set, std::uint64_t limit)
    : root_(std::move(root)), folder_(root_ / set), limit_(limit) {
  std::error_code error;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().extension() == ".index") open_shard(entry->path().parent_path() / entry->path().stem());
}

PictureShards::~PictureShards() = default;

void PictureShards::open_shard(const fs::path& stem) {
  std::vector<std::byte> index;
  try {
    index = read_file(stem.string() + ".index");
  } catch (const IoError&) {
    return;  // removed meanwhile, or not ours to read
  }
  const Shard& shard = shards_.emplace_back(stem);
  for (std::size_t at = 0; at + sizeof(Record) <= index.size(); at += sizeof(Record)) {
    Record record{};
    std::memcpy(&record, index.data() + at, sizeof record);
    if (record.own_hash != own_hash_of(record)) continue;
    if (record.kind == Kind::name) names_[record.key] = record.value;
    if (record.kind != Kind::picture) continue;
    const Place place{&shard, record.value.high, static_cast<int>(record.value.low >> 32),
                      static_cast<int>(record.value.low & 0xffffffff), record.checksum};
    pictures_.emplace(record.key, place);
  }
}

std::optional<Hash128> PictureShards::content_of(const Hash128& identity) const {
  const auto found = names_.find(identity);
  return found == names_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<StoredPicture> PictureShards::find(const Hash128& content) const {
  const auto [first, last] = pictures_.equal_range(content);
  for (auto candidate = first; candidate != last; ++candidate) {
    const Place& place = candidate->second;
    const Shard& shard = *place.shard;
    const std::uint64_t bytes =
        std::uint64_t{3} * static_cast<std::uint64_t>(place.width) * static_cast<std::uint64_t>(place.height);
    if (place.offset > shard.bytes || bytes > shard.bytes - place.offset) continue;
    const std::span<const std::uint8_t> pixels(shard.data + place.offset, bytes);
    if (hash_of_pixels(pixels) != place.checksum) continue;
    shard.used = true;
    return StoredPicture{place.width, place.height, pixels};
  }
  return std::nullopt;
}

bool PictureShards::keep(const std::function<void(Writer&)>& write) {
  if (given_up_) return false;
  try {
    if (!writer_) {
      make_folder(folder_);
      fs::permissions(root_, fs::perms::owner_all);
      if (!fs::exists(root_ / "README.txt")) write_file(root_ / "README.txt", std::string_view(read_me));
      writer_ = std::make_unique<Writer>(folder_);
    }
    write(*writer_);
    return true;
  } catch (const std::exception& problem) {
    given_up_ = true;
    log::warning(fmt::format("decoded pictures can't be kept for the next run: {}", problem.what()));
    return false;
  }
}

bool PictureShards::add(const Hash128& content, const image::Image& picture) {
  const std::lock_guard lock(mutex_);
  if (added_.contains(content)) return true;
  if ((writer_ ? writer_->bytes() : 0) + picture.pixels.size() > limit_) return false;
  if (!keep([&](Writer& writer) { writer.picture(content, picture); })) return false;
  added_.insert(content);
  return true;
}

void PictureShards::remember(const Hash128& identity, const Hash128& content) {
  const std::lock_guard lock(mutex_);
  keep([&](Writer& writer) { writer.name(identity, content); });
}

void PictureShards::finish() {
  for (const Shard& shard : shards_)
    if (shard.used) ::utimensat(AT_FDCWD, shard.with(".index").c_str(), nullptr, 0);
  if (!writer_) return;
  const fs::path own = writer_->stem();
  writer_.reset();
  added_.clear();
  open_shard(own);
  evict_shards(root_, limit_, own);
}

}  // namespace naevus::dataset
