#include "naevus/jobs/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>
#include <tuple>
#include <utility>

#include "naevus/base/error.hpp"

namespace naevus::jobs {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int get() const { return number_; }
  void reset() { *this = Descriptor(); }

 private:
  int number_;
};

[[noreturn]] void failed(const std::string& what, const std::string& where) {
  throw IoError(fmt::format("{}: {}", what, std::strerror(errno)), where);
}

std::pair<Descriptor, Descriptor> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) failed("no pipe could be made", "");
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& more) {
  std::vector<std::string> all;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view variable(*one), name = variable.substr(0, variable.find('='));
    if (std::none_of(more.begin(), more.end(), [&](const auto& other) { return other.first == name; }))
      all.emplace_back(variable);
  }
  for (const auto& [name, value] : more) all.push_back(fmt::format("{}={}", name, value));
  return all;
}

std::vector<char*> argument_list(const std::string& program, const std::vector<std::string>& arguments) {
  std::vector<char*> list{const_cast<char*>(program.c_str())};  // NOLINT: exec does not write to them
  for (const auto& argument : arguments) list.push_back(const_cast<char*>(argument.c_str()));  // NOLINT
  list.push_back(nullptr);
  return list;
}

/// What the child does between fork and exec: system calls only, since other threads' locks may be held.
struct ChildSetup {
  int output, error, nothing, report;
  std::optional<std::uint64_t> memory;
  bool in_background;
  pid_t parent;

  [[noreturn]] void exec(const char* program, char* const* arguments, char* const* environment) const {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(127);  // the parent died before that took hold
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    bool ready = dup2(nothing, 0) >= 0 && dup2(output, 1) >= 0 && (error < 0 || dup2(error, 2) >= 0);
    if (ready && memory) {
      const rlimit limit{*memory, *memory};
      ready = setrlimit(RLIMIT_AS, &limit) == 0;
    }
    if (in_background) setpriority(PRIO_PROCESS, 0, 19);
    if (ready) execve(program, arguments, environment);
    const int reason = errno;
    static_cast<void>(!write(report, &reason, sizeof reason));
    _exit(127);
  }
};

class Lines {
 public:
  explicit Lines(const std::function<void(const std::string&)>& on_line) : on_line_(on_line) {}

  /// @return whether more may come
  bool read_from(int descriptor) {
    std::array<char, 4096> bytes;
    const ssize_t count = ::read(descriptor, bytes.data(), bytes.size());
    if (count < 0) return errno == EINTR;
    text_.append(bytes.data(), static_cast<std::size_t>(count));
    for (std::size_t end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
      give(text_.substr(0, end));
      text_.erase(0, end + 1);
    }
    if (count == 0 && !text_.empty()) give(std::exchange(text_, {}));
    return count > 0;
  }

 private:
  void give(const std::string& line) const {
    if (on_line_) on_line_(line);
  }

  const std::function<void(const std::string&)>& on_line_;
  std::string text_;
};

/// The child while it runs. Killed if it is left behind (an exception in on_line).
class Child {
 public:
  Child(pid_t pid, const Limits& limits) : pid_(pid), limits_(limits) {}
  ~Child() {
    if (ended_) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  /// Ends it where its time is up or a stop was requested.
  void judge(const StopToken& stop) {
    const auto now = Clock::now();
    const bool late = limits_.time && now - begin_ > *limits_.time;
    const bool asked = outcome_.timed_out || outcome_.cancelled;
    if (!asked && (late || stop.requested())) {
      outcome_.timed_out = late;
      outcome_.cancelled = !late;
      patience_ends_ = now + limits_.grace;
      kill(pid_, SIGTERM);
    } else if (asked && now > patience_ends_) {
      kill(pid_, SIGKILL);
    }
  }

  bool ended() {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) != pid_) return false;
    ended_ = true;
    outcome_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return true;
  }

  const Outcome& outcome() const { return outcome_; }

 private:
  pid_t pid_;
  const Limits& limits_;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point patience_ends_{};
  Outcome outcome_;
  bool ended_ = false;
};

}  // namespace

Outcome run(const Command& command, const std::function<void(const std::string&)>& on_line, const StopToken& stop) {
  auto [output, output_end] = make_pipe();
  auto [report, report_end] = make_pipe();
  const Descriptor nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
  Descriptor error;
  if (!command.error_file.empty()) {
    error = Descriptor(open(command.error_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (error.get() < 0) failed("it can't be written", command.error_file.string());
  }
  Descriptor said;
  if (command.on_error_line) std::tie(said, error) = make_pipe();
  const std::string program = command.program.string();
  const auto arguments = argument_list(program, command.arguments);
  const auto variables = environment_with(command.environment);
  std::vector<char*> environment;
  for (const auto& variable : variables) environment.push_back(const_cast<char*>(variable.c_str()));  // NOLINT
  environment.push_back(nullptr);
  const ChildSetup setup{output_end.get(),      error.get(),           nothing.get(), report_end.get(),
                         command.limits.memory, command.in_background, getpid()};

  const pid_t pid = fork();
  if (pid < 0) failed("no process could be started", program);
  if (pid == 0) setup.exec(program.c_str(), arguments.data(), environment.data());
  Child child(pid, command.limits);
  output_end.reset();
  report_end.reset();
  error.reset();
  int reason = 0;
  if (::read(report.get(), &reason, sizeof reason) == sizeof reason) {
    errno = reason;
    failed("it can't be started", program);
  }

  Lines lines(on_line), errors(command.on_error_line);
  std::array<pollfd, 2> waiting{{{output.get(), POLLIN, 0}, {said.get(), POLLIN, 0}}};  // one that is -1 is left out
  const auto open = [&] { return waiting[0].fd >= 0 || waiting[1].fd >= 0; };
  while (open() || !child.ended()) {
    const int ready = poll(waiting.data(), waiting.size(), open() ? 50 : 1);  // its output ends just before it does
    for (auto* const from : {&lines, &errors}) {
      pollfd& one = waiting[from == &lines ? 0 : 1];
      if (ready > 0 && one.fd >= 0 && one.revents != 0 && !from->read_from(one.fd)) one.fd = -1;
    }
    child.judge(stop);
  }
  return child.outcome();
}

std::filesystem::path sibling_program(const std::string& name) {
  const auto path = std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
  if (access(path.c_str(), X_OK) == 0) return path;
  throw IoError(
      fmt::format("{} is not there", name), path.string(),
      fmt::format("build or install it beside the other programs (cmake --build build/release --target {})", name));
}

void become(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
  const std::string path = program.string();
  execv(path.c_str(), argument_list(path, arguments).data());
  failed("it can't be started", path);
}

}  // namespace naevus::jobs
