#include "naevus/base/file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "naevus/base/disk_full.hpp"

namespace naevus {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& doing, const fs::path& path, int code) {
  const std::string problem = fmt::format("{}: {}", doing, std::generic_category().message(code));
  if (code == ENOSPC || code == EDQUOT)
    throw DiskFull(problem, path.string(), "free some space there or choose another folder");
  std::string advice;
  if (code == EACCES || code == EPERM || code == EROFS) advice = "check the permissions or choose another folder";
  throw IoError(problem, path.string(), advice);
}

/// A file descriptor that is closed on every way out.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const { return value_; }
  int close() { return ::close(std::exchange(value_, -1)); }

 private:
  int value_;
};

/// Writes all of it or returns errno.
int write_all(int descriptor, std::span<const std::byte> content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    content = content.subspan(static_cast<std::size_t>(written));
  }
  return 0;
}

/// The file beside `path` that its new content is written to first. A name can be taken already: by a process with this
/// number in another container, or by one that was killed.
std::pair<Descriptor, fs::path> open_temporary(const fs::path& path) {
  static std::atomic<unsigned> serial{0};
  constexpr int attempts = 1000;
  for (int attempt = 0;; ++attempt) {
    fs::path temporary = path;
    temporary += fmt::format(".{}-{}.tmp", ::getpid(), serial++);
    Descriptor descriptor(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (descriptor.get() >= 0) return {std::move(descriptor), std::move(temporary)};
    if (errno != EEXIST || attempt == attempts) fail("can't be written", path, errno);
  }
}

template <typename Container>
Container read_whole(const fs::path& path, std::uintmax_t limit) {
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0) fail("can't be opened", path, errno);
  struct stat status{};
  if (::fstat(descriptor.get(), &status) != 0) fail("can't be read", path, errno);
  if (S_ISDIR(status.st_mode)) throw IoError("is a folder, not a file", path.string());
  const auto check = [&](std::uintmax_t size) {
    if (size > limit)
      throw IoError(fmt::format("is larger than the limit of {} MiB", std::max<std::uintmax_t>(1, limit >> 20)),
                    path.string());
  };
  check(static_cast<std::uintmax_t>(status.st_size));
  Container content;
  // One byte more than the size, so that a file which doesn't grow is read and ended by two calls; pipes have size 0.
  content.resize(static_cast<std::size_t>(status.st_size) + (S_ISREG(status.st_mode) ? 1 : 65536));
  std::size_t used = 0;
  for (;;) {
    const ssize_t got = ::read(descriptor.get(), content.data() + used, content.size() - used);
    if (got < 0) {
      if (errno == EINTR) continue;
      fail("can't be read", path, errno);
    }
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
    check(used);
    if (used == content.size()) content.resize(content.size() * 2);
  }
  content.resize(used);
  return content;
}

}  // namespace

std::vector<std::byte> read_file(const fs::path& path, std::uintmax_t limit) {
  return read_whole<std::vector<std::byte>>(path, limit);
}

std::string read_text(const fs::path& path, std::uintmax_t limit) {
  return read_whole<std::string>(path, limit);
}

void write_file(const fs::path& path, std::span<const std::byte> content) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  make_folder(folder);
  auto [descriptor, temporary] = open_temporary(path);
  const auto abandon = [&, &temporary = temporary](int code) {
    ::unlink(temporary.c_str());
    fail("can't be written", path, code);
  };
  if (const int code = write_all(descriptor.get(), content)) abandon(code);
  if (::fsync(descriptor.get()) != 0) abandon(errno);
  if (descriptor.close() != 0) abandon(errno);
  if (::rename(temporary.c_str(), path.c_str()) != 0) abandon(errno);
  sync_folder(folder);
}

void write_file(const fs::path& path, std::string_view content) {
  write_file(path, as_bytes(content));
}

void sync_folder(const fs::path& folder) {
  const Descriptor descriptor(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() >= 0) ::fsync(descriptor.get());  // some file systems refuse this; the rename has still happened
}

void make_folder(const fs::path& path) {
  std::error_code code;
  std::vector<fs::path> parents;  // of the folders that are made here
  for (fs::path folder = path; !folder.empty() && !fs::exists(folder, code); folder = folder.parent_path())
    parents.push_back(folder.parent_path());
  fs::create_directories(path, code);
  if (code) fail("the folder can't be made", path, code.value());
  if (!fs::is_directory(path, code)) throw IoError("a file stands where a folder is needed", path.string());
  for (const auto& parent : parents) sync_folder(parent);
}

fs::path default_cache_folder() {
  // The specification (XDG base directories 0.8) tells programs to pass over a relative path.
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && fs::path(cache).is_absolute())
    return fs::path(cache) / "naevus";
  if (const char* home = std::getenv("HOME"); home != nullptr && fs::path(home).is_absolute())
    return fs::path(home) / ".cache" / "naevus";
  return {};
}

AppendFile::AppendFile(const fs::path& path) : path_(path) {
  if (path.has_parent_path()) make_folder(path.parent_path());
  descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail("can't be opened for writing", path, errno);
}

AppendFile::~AppendFile() {
  ::close(descriptor_);
}

void AppendFile::append(std::span<const std::byte> content) {
  if (const int code = write_all(descriptor_, content)) fail("can't be written", path_, code);
}

void AppendFile::append(std::string_view content) {
  append(as_bytes(content));
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "naevus-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw IoError("no temporary folder can be made", name, "set TMPDIR");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::permissions(path_, fs::perms::owner_all, fs::perm_options::add, ignored);
  fs::remove_all(path_, ignored);
}

}  // namespace naevus
