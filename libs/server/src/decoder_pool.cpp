#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <string_view>
#include <system_error>

#include "decoder_memory.hpp"
#include "naevus/server/decoder.hpp"

namespace naevus::server {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience_at_start{60};

[[noreturn]] void refuse_start(const std::string& what) {
  throw IoError("no process that decodes pictures can be started: " + what, "",
                "is there memory, and may this user start processes?");
}

/// A file descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {
    if (number < 0) refuse_start(std::generic_category().message(errno));
  }
  ~Descriptor() { close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int operator*() const { return number_; }

 private:
  int number_;
};

/// Memory of a fixed size: a child that shrank it could crash us.
int sealed_memory(std::size_t bytes) {
  const int descriptor = memfd_create("naevus-decoder", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (descriptor < 0 || ftruncate(descriptor, static_cast<off_t>(bytes)) != 0 ||
      fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    refuse_start(std::generic_category().message(errno));
  return descriptor;
}

/// Of the environment what programs are started with; a password in it (PGPASSWORD) is nothing for who reads pictures.
std::vector<char*> variables_of_child() {
  std::vector<char*> kept;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view variable(*one), name = variable.substr(0, variable.find('='));
    if (name.starts_with("LD_") || name.ends_with("SAN_OPTIONS")) kept.push_back(*one);
  }
  kept.push_back(nullptr);
  return kept;
}

/// What a child is to make of a file.
struct Wanted {
  int longer_side = 0;  ///< as in DecoderJob
  image::Preparation preparation;

  /// Whether the pixels may be so many: a child could say anything.
  bool may_have(int width, int height) const {
    if (longer_side == 0) return width == preparation.width && height == preparation.height;
    return width >= 1 && height >= 1 && std::max(width, height) <= longer_side;
  }
};

class Child {
 public:
  explicit Child(const DecoderOptions& options)
      : bytes_(file_at + options.limits.max_bytes), descriptor_(sealed_memory(bytes_)), memory_(*descriptor_, bytes_) {
    if (!memory_.mapped()) refuse_start(std::generic_category().message(errno));
    const DecoderJob job{.memory = bytes_, .child_memory = options.memory};
    std::memcpy(memory_.at(0), &job, sizeof job);
    spawn(options.command);
    if (!hears(Clock::now() + patience_at_start)) refuse_start("it " + end());
  }
  ~Child() { end(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// @throws InputError, DecoderLost; after the latter the child is no more
  DecodedPicture work_on(std::span<const std::byte> file, const Wanted& wanted, const DecoderOptions& options) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.deadline).count() + 1;
    const DecoderJob job{.memory = bytes_,
                         .file_bytes = file.size(),
                         .seconds = static_cast<std::uint32_t>(seconds),
                         .child_memory = options.memory,
                         .limits = options.limits,
                         .longer_side = wanted.longer_side,
                         .preparation = wanted.preparation};
    std::memcpy(memory_.at(0), &job, sizeof job);
    std::memcpy(memory_.at(file_at), file.data(), file.size());
    const char order = 'd';
    const bool asked = ::send(socket_, &order, 1, MSG_NOSIGNAL) == 1;
    if (!asked || !hears(Clock::now() + options.deadline)) lost(asked, options);
    forget_large(file.size());
    return outcome(wanted);
  }

 private:
  void spawn(const std::vector<std::string>& command) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
      refuse_start(std::generic_category().message(errno));
    socket_ = pair[0];
    const Descriptor theirs(pair[1]);
    std::vector<char*> words;
    words.reserve(command.size() + 1);
    for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    // By way of numbers that are neither's, so that none is overwritten before it is copied.
    const auto spare = [&](int number) {
      while (number == *theirs || number == *descriptor_) ++number;
      return number;
    };
    const int first = spare(child_memory + 1), second = spare(first + 1);
    posix_spawn_file_actions_adddup2(&actions, *theirs, first);
    posix_spawn_file_actions_adddup2(&actions, *descriptor_, second);
    posix_spawn_file_actions_adddup2(&actions, first, child_socket);
    posix_spawn_file_actions_adddup2(&actions, second, child_memory);
    posix_spawn_file_actions_addclosefrom_np(&actions, child_memory + 1);
    std::vector<char*> environment = variables_of_child();
    const int error = posix_spawn(&process_, words[0], &actions, nullptr, words.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
      process_ = -1;
      close(std::exchange(socket_, -1));
      refuse_start(std::generic_category().message(error));
    }
  }

  /// Whether the child says something before then.
  bool hears(Clock::time_point until) const {
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
      pollfd asked{.fd = socket_, .events = POLLIN, .revents = 0};
      const int ready = poll(&asked, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
      if (ready < 0 && errno == EINTR) continue;
      char word = 0;
      return ready > 0 && recv(socket_, &word, 1, 0) == 1;
    }
  }

  /// Kills what is left of it; how it ended.
  std::string end() {
    if (process_ < 0) return "had ended";
    kill(process_, SIGKILL);
    int status = 0;
    while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    close(std::exchange(socket_, -1));
    return WIFSIGNALED(status) ? fmt::format("ended by signal {}", WTERMSIG(status))
                               : fmt::format("ended with code {}", WEXITSTATUS(status));
  }

  [[noreturn]] void lost(bool asked, const DecoderOptions& options) {
    pollfd closed{.fd = socket_, .events = POLLIN, .revents = 0};
    const bool hung = asked && poll(&closed, 1, 0) == 0;
    const std::string how = end();
    if (hung)
      throw DecoderLost(DecoderLost::Why::deadline,
                        fmt::format("the picture took more than {} ms to decode", options.deadline.count()),
                        "send it smaller, as a baseline JPEG");
    throw DecoderLost(DecoderLost::Why::crash, "decoding the picture failed: the process " + how,
                      "save it anew with another program, as a JPEG");
  }

  void forget_large(std::size_t bytes) const {
    constexpr std::size_t small = std::size_t{1} << 20;
    if (bytes > small)
      fallocate(*descriptor_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(file_at),
                static_cast<off_t>(bytes));
  }

  DecodedPicture outcome(const Wanted& wanted) const {
    DecoderOutcome said{};
    std::memcpy(&said, memory_.at(outcome_at), sizeof said);  // a copy: the child could go on writing
    if (said.state == DecoderOutcome::refused) {
      const std::size_t problem = std::min<std::size_t>(said.problem_bytes, sizeof said.words);
      const std::size_t advice = std::min<std::size_t>(said.advice_bytes, sizeof said.words - problem);
      throw InputError(std::string(said.words, problem), "", std::string(said.words + problem, advice));
    }
    if (said.state != DecoderOutcome::done || said.format > static_cast<std::uint32_t>(image::Format::dicom) ||
        !wanted.may_have(said.width, said.height))
      throw DecoderLost(DecoderLost::Why::memory, "the picture takes too much memory to decode", "send it smaller");
    DecodedPicture result{.prepared = image::Image(said.width, said.height),
                          .quality = said.quality,
                          .format = static_cast<image::Format>(said.format)};
    std::memcpy(result.prepared.pixels.data(), memory_.at(pixels_at), result.prepared.pixels.size());
    return result;
  }

  std::size_t bytes_;
  Descriptor descriptor_;
  DecoderMemory memory_;
  pid_t process_ = -1;
  int socket_ = -1;
};

}  // namespace

struct DecoderPool::State {
  DecoderOptions options;
  std::mutex mutex;
  std::condition_variable freed;
  std::vector<std::unique_ptr<Child>> idle;  ///< nullptr: to be started
  std::atomic<std::uint64_t> restarts = 0;

  DecodedPicture work_on(std::span<const std::byte> file, const Wanted& wanted);
  std::unique_ptr<Child> take() {
    std::unique_lock lock(mutex);
    freed.wait(lock, [&] { return !idle.empty(); });
    auto child = std::move(idle.back());
    idle.pop_back();
    return child;
  }

  void put(std::unique_ptr<Child> child) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(child));
    freed.notify_one();
  }
};

DecoderPool::DecoderPool(DecoderOptions options) : state_(std::make_unique<State>()) {
  state_->options = std::move(options);
  for (int i = 0; i < state_->options.children; ++i) state_->idle.push_back(std::make_unique<Child>(state_->options));
}

DecoderPool::~DecoderPool() = default;

DecodedPicture DecoderPool::State::work_on(std::span<const std::byte> file, const Wanted& wanted) {
  if (file.size() > options.limits.max_bytes)
    throw InputError(fmt::format("the picture has {} bytes, {} are taken", file.size(), options.limits.max_bytes), "",
                     "send it smaller");
  std::unique_ptr<Child> child = take();
  try {
    if (!child) {
      child = std::make_unique<Child>(options);
      ++restarts;
    }
    DecodedPicture picture = child->work_on(file, wanted, options);
    put(std::move(child));
    return picture;
  } catch (const DecoderLost&) {
    put(nullptr);
    throw;
  } catch (const InputError&) {
    put(std::move(child));
    throw;
  } catch (...) {
    put(nullptr);
    throw;
  }
}

DecodedPicture DecoderPool::decode(std::span<const std::byte> file, const image::Preparation& preparation) {
  if (std::size_t{3} * static_cast<std::size_t>(preparation.width) * static_cast<std::size_t>(preparation.height) >
      most_pixel_bytes)
    throw InputError("the model takes larger pictures than a decoder prepares");
  return state_->work_on(file, {.preparation = preparation});
}

image::Image DecoderPool::shrunk(std::span<const std::byte> file, int longer_side) {
  if (longer_side < 1 || longer_side > most_side)
    throw UsageError(fmt::format("a picture is shown with a side of 1 to {} pixels", most_side));
  return state_->work_on(file, {.longer_side = longer_side}).prepared;
}

std::uint64_t DecoderPool::restarts() const {
  return state_->restarts;
}

}  // namespace naevus::server
