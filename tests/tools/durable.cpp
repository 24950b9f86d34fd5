// A preloaded library that keeps apart what a folder would still hold after the machine lost its power.
//
// Tests kill a program (kill -9) and look what is left. The system's cache survives that, so a forgotten fsync is never
// seen. With this library in LD_PRELOAD every fsync and fdatasync that returns has put into a mirror what it made
// durable, and nothing else comes there: who starts again from the mirror has lost every write, creation, rename and
// removal that was not synced when the program died.
//
//   DURABLE_FOLDER  the folder that is watched, absolute and without symbolic links
//   DURABLE_MIRROR  an empty folder elsewhere, on a file system with hard links
//
// The model is the worst that POSIX leaves open; file systems with a journal keep more:
// - fsync of a file makes its bytes and size durable, as they are then; not its name.
// - fsync of a folder makes its list of names durable: those that were created, renamed or removed since are so only
// now.
//   A name can be durable before the bytes are: it is an empty file then. What is below a folder needs that one's
//   fsync.
// - An fsync that the death cut short has made any part of its blocks or names durable.
// - Nothing is durable by itself: not by time, close, O_SYNC, msync, sync_file_range, sync or syncfs. A file that is
// mapped
//   (SQLite's -shm) is as any other: what is in its pages when it is synced counts.
//
// In the mirror each file and each folder has an object, named by inode number and time of birth, since numbers are
// given anew: objects/ID is a file with the durable bytes, or a folder with the durable names: hard links to the
// objects of files, symbolic links to those of folders. `root` leads to the watched folder's. Several processes may
// share a mirror.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <system_error>

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void require(bool held, const std::string& what) {
  if (!held) fail(what);
}

class Descriptor {
 public:
  Descriptor(int number, const std::string& what) : number_(number) { require(number >= 0, what); }
  ~Descriptor() { close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int operator*() const { return number_; }

 private:
  int number_;
};

struct Found {
  std::string id;
  bool folder = false, file = false;
};

/// What stands at a path, or, where the path is empty, what the descriptor is open on.
std::optional<Found> find(int at, const std::string& path) {
  struct statx status{};
  const int flags = AT_SYMLINK_NOFOLLOW | (path.empty() ? AT_EMPTY_PATH : 0);
  if (statx(at, path.c_str(), flags, STATX_TYPE | STATX_INO | STATX_BTIME, &status) != 0) return std::nullopt;
  require((status.stx_mask & STATX_BTIME) != 0, "the file system does not say when a file was made");
  return Found{.id = std::to_string(status.stx_ino) + "-" + std::to_string(status.stx_btime.tv_sec) + "." +
                     std::to_string(status.stx_btime.tv_nsec),
               .folder = S_ISDIR(status.stx_mode),
               .file = S_ISREG(status.stx_mode)};
}

class Mirror {
 public:
  Mirror(fs::path folder, const fs::path& mirror)
      : folder_(std::move(folder)), mirror_(mirror), objects_(mirror / "objects") {}

  /// What an fsync of this descriptor that has just returned made durable.
  void keep(int descriptor) const {
    const auto path = fs::read_symlink("/proc/self/fd/" + std::to_string(descriptor)).string();
    const std::string folder = folder_.string();
    if (path != folder && !path.starts_with(folder + "/")) return;
    // One at a time, also of other processes: bytes that were read before must not be written after newer ones.
    const Descriptor lock(open((mirror_ / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600), "the mirror's lock");
    while (flock(*lock, LOCK_EX) != 0) require(errno == EINTR, "the mirror's lock");
    prepare();
    const auto found = find(descriptor, "");
    if (!found) fail(path);
    if (found->folder) keep_names(descriptor, objects_ / found->id);
    if (found->file) keep_bytes(descriptor, objects_ / found->id);
  }

 private:
  void prepare() const {
    const auto root = mirror_ / "root";
    if (std::error_code error; fs::is_symlink(root, error)) return;
    const auto found = find(AT_FDCWD, folder_.string());
    if (!found) fail(folder_.string());
    fs::create_directories(objects_ / found->id);
    fs::create_directory_symlink(fs::path("objects") / found->id, root);
  }

  static void keep_bytes(int descriptor, const fs::path& object) {
    // Closing another descriptor of a file gives up this process's locks on it, which SQLite lives by: so only files
    // that are open to be written alone, as SQLite's never are, are opened again.
    const bool unreadable = (fcntl(descriptor, F_GETFL) & O_ACCMODE) == O_WRONLY;
    std::optional<Descriptor> again;
    if (unreadable) {
      const auto path = "/proc/self/fd/" + std::to_string(descriptor);
      again.emplace(open(path.c_str(), O_RDONLY | O_CLOEXEC), path);
    }
    const int from = unreadable ? **again : descriptor;
    const Descriptor to(open(object.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600), object.string());
    // In place and block by block, so that one who dies amid this leaves old blocks beside new ones, and no empty file.
    constexpr std::size_t block = 1 << 16;
    static thread_local std::array<char, block> now, before;
    off_t at = 0;
    for (;;) {
      const ssize_t got = pread(from, now.data(), block, at);
      require(got >= 0, object.string());
      if (got == 0) break;
      const auto count = static_cast<std::size_t>(got);
      if (pread(*to, before.data(), count, at) != got || !std::equal(now.data(), now.data() + got, before.data()))
        require(pwrite(*to, now.data(), count, at) == got, object.string());
      at += got;
    }
    require(ftruncate(*to, at) == 0, object.string());
  }

  void keep_names(int descriptor, const fs::path& object) const {
    fs::create_directories(object);
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd/" + std::to_string(descriptor))) {
      const std::string name = entry.path().filename().string();
      const auto found = find(descriptor, name);
      if (!found || (!found->folder && !found->file)) continue;  // gone meanwhile
      names.insert(name);
      if (leads_to(object / name, *found)) continue;
      const auto fresh = mirror_ / "fresh";
      fs::remove(fresh);
      if (found->folder) {
        fs::create_directories(objects_ / found->id);
        fs::create_directory_symlink(fs::path("..") / found->id, fresh);
      } else {
        const Descriptor made(open((objects_ / found->id).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600), name);
        fs::create_hard_link(objects_ / found->id, fresh);
      }
      fs::rename(fresh, object / name);
    }
    for (const auto& entry : fs::directory_iterator(object))
      if (!names.contains(entry.path().filename().string())) fs::remove(entry.path());
  }

  /// Whether a durable name is already that of the object.
  bool leads_to(const fs::path& name, const Found& found) const {
    std::error_code error;
    if (fs::is_symlink(name, error)) return fs::read_symlink(name, error).filename() == found.id;
    return fs::equivalent(name, objects_ / found.id, error);
  }

  fs::path folder_, mirror_, objects_;
};

int synced(const char* name, int descriptor) {
  static const auto mirror = []() -> std::optional<Mirror> {
    const char *folder = std::getenv("DURABLE_FOLDER"), *mirror_folder = std::getenv("DURABLE_MIRROR");
    if (folder == nullptr || mirror_folder == nullptr) return std::nullopt;
    return Mirror(folder, mirror_folder);
  }();
  const auto real = reinterpret_cast<int (*)(int)>(dlsym(RTLD_NEXT, name));
  const int result = real(descriptor);
  if (result == 0 && mirror) {
    try {
      mirror->keep(descriptor);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "durable: %s\n", error.what());
      std::abort();  // a mirror that is not what it says would make a test worthless
    }
  }
  return result;
}

}  // namespace

extern "C" int fsync(int descriptor) {
  return synced("fsync", descriptor);
}

extern "C" int fdatasync(int descriptor) {
  return synced("fdatasync", descriptor);
}
