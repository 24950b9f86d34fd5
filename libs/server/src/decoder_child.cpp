#include <fcntl.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <new>
#include <utility>

#include "decoder_memory.hpp"
#include "naevus/image/shrink.hpp"
#include "naevus/server/decoder.hpp"

namespace naevus::server {
namespace {

/// The child can tell nobody but by its end; the pool names the exit code.
void require(bool held) {
  if (!held) _exit(70);
}

/// What libraries load or measure on first use (thread counts, tables), while that is still allowed.
void warm_up() {
  image::Image picture(96, 96);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) picture.pixels[i] = static_cast<std::uint8_t>(i * i / 96);
  for (const auto denoise : {image::Denoise::median, image::Denoise::bilateral, image::Denoise::non_local_means})
    image::prepare(picture, {.width = 32,
                             .height = 32,
                             .vignette = image::Vignette::crop,
                             .hair_removal = image::HairRemoval::dullrazor,
                             .denoise = denoise,
                             .contrast = image::Contrast::clahe});
  image::measure_quality(picture);
}

std::uint64_t mapped_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t pages = 0;
  file >> pages;
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

void limit(__rlimit_resource what, std::uint64_t most) {
  const rlimit both{.rlim_cur = most, .rlim_max = most};
  require(setrlimit(what, &both) == 0);
}

/// Memory, the clock, its two descriptors, and the end: nothing else. What libraries ask for in passing is denied; what
/// only an intruder would ask for kills.
void filter_system_calls() {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
  require(filter != nullptr);
  for (const int call :
       {SCMP_SYS(read),           SCMP_SYS(write),       SCMP_SYS(brk),           SCMP_SYS(munmap),
        SCMP_SYS(mremap),         SCMP_SYS(madvise),     SCMP_SYS(futex),         SCMP_SYS(exit),
        SCMP_SYS(exit_group),     SCMP_SYS(alarm),       SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
        SCMP_SYS(getrandom),      SCMP_SYS(sched_yield), SCMP_SYS(rt_sigreturn),  SCMP_SYS(rt_sigprocmask),
        SCMP_SYS(getpid),         SCMP_SYS(gettid),      SCMP_SYS(tgkill),        SCMP_SYS(sched_getaffinity),
        SCMP_SYS(restart_syscall)})
    require(seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0);
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
    require(seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0);
  for (const int call :
       {SCMP_SYS(openat), SCMP_SYS(open), SCMP_SYS(newfstatat), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
        SCMP_SYS(sysinfo), SCMP_SYS(prlimit64), SCMP_SYS(fstat), SCMP_SYS(lseek), SCMP_SYS(close)})
    require(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0) == 0);
  require(seccomp_load(filter) == 0);
  seccomp_release(filter);
}

void give_up_rights(std::uint64_t memory) {
  const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  require(nowhere >= 0);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) require(dup2(nowhere, standard) == standard);
  require(close_range(child_memory + 1, ~0U, 0) == 0);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_NPROC, 0);
  // The sanitizers' own shadow takes terabytes of addresses and calls that the filter does not know.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  limit(RLIMIT_AS, mapped_bytes() + memory);
  require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
  require(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
  filter_system_calls();
#else
  static_cast<void>(memory);
#endif
}

void say(DecoderOutcome& outcome, const std::string& problem, const std::string& advice) {
  const auto put = [&](const std::string& words, std::size_t offset) {
    const std::size_t count = std::min(words.size(), sizeof outcome.words - offset);
    std::memcpy(outcome.words + offset, words.data(), count);
    return static_cast<std::uint32_t>(count);
  };
  outcome.problem_bytes = put(problem, 0);
  outcome.advice_bytes = put(advice, outcome.problem_bytes);
}

void decode(const DecoderJob& job, const DecoderMemory& memory, DecoderOutcome& outcome) {
  const std::span<const std::byte> file(memory.at(file_at), job.file_bytes);
  try {
    outcome.format = static_cast<std::uint32_t>(image::read_header(file, job.limits).format);
    image::Image picture = image::decode(file, job.limits);
    if (job.longer_side > 0) {
      picture = image::shrunk(std::move(picture), job.longer_side);
    } else {
      outcome.quality = image::measure_quality(picture);
      picture = image::prepare(picture, job.preparation);
    }
    outcome.width = picture.width;
    outcome.height = picture.height;
    std::memcpy(memory.at(pixels_at), picture.pixels.data(), picture.pixels.size());
    outcome.state = DecoderOutcome::done;
  } catch (const Error& error) {
    outcome.state = DecoderOutcome::refused;
    say(outcome, error.problem(), error.advice());
  } catch (const std::bad_alloc&) {
    outcome.state = DecoderOutcome::out_of_memory;
  }
}

}  // namespace

void run_decoder_child() {
  std::signal(SIGINT, SIG_IGN);  // they are for the parent, who still wants what is under way
  std::signal(SIGTERM, SIG_IGN);
  DecoderJob job{};
  require(pread(child_memory, &job, sizeof job, 0) == sizeof job);
  const DecoderMemory memory(child_memory, job.memory);
  require(memory.mapped());
  warm_up();
  give_up_rights(job.child_memory);
  char order = 'r';
  while (write(child_socket, &order, 1) == 1 && read(child_socket, &order, 1) == 1) {
    std::memcpy(&job, memory.at(0), sizeof job);
    alarm(job.seconds);
    DecoderOutcome outcome{};
    decode(job, memory, outcome);
    std::memcpy(memory.at(outcome_at), &outcome, sizeof outcome);
    alarm(0);
  }
  _exit(0);
}

}  // namespace naevus::server
