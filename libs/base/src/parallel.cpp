#include "naevus/base/parallel.hpp"

#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#include <sched.h>
#include <unistd.h>
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#endif

#include <algorithm>
#include <cmath>
#include <csignal>
#include <fstream>
#include <string>

#include "naevus/base/error.hpp"

namespace naevus {
namespace {

/// The quota of a version 2 control group in cores, or a large number where there is none.
double cgroup_cores() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (file >> quota >> period && quota != "max" && period > 0) return std::stod(quota) / period;
  return 1e9;
}

/// What TBB promises, told to the thread sanitizer, which can't see into libtbb.so: what was done before a parallel
/// loop is seen in its calls, and what they did is seen after it. Elsewhere these two do nothing.
void happened_before([[maybe_unused]] void* tag) {
#ifdef __SANITIZE_THREAD__
  __tsan_release(tag);
#endif
}
void happens_after([[maybe_unused]] void* tag) {
#ifdef __SANITIZE_THREAD__
  __tsan_acquire(tag);
#endif
}

// A signal handler can only reach what is static and lock-free.
std::atomic<bool> interrupted{false};

extern "C" void naevus_on_signal(int signal) {
  if (interrupted.exchange(true) && signal == SIGINT) _exit(130);
}

}  // namespace

int available_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  const int masked = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  return std::max(1, std::min(masked, static_cast<int>(std::ceil(std::min(cgroup_cores(), 1e6)))));
}

void StopToken::check() const {
  if (requested()) throw Cancelled();
}

StopToken interrupt_token() {
  struct Installed {
    StopToken token{std::shared_ptr<std::atomic<bool>>(&interrupted, [](auto*) {})};
    Installed() {
      struct sigaction action{};
      action.sa_handler = naevus_on_signal;
      sigemptyset(&action.sa_mask);
      sigaction(SIGINT, &action, nullptr);
      sigaction(SIGTERM, &action, nullptr);
    }
  };
  static const Installed installed;
  return installed.token;
}

struct WorkerPool::State {
  explicit State(int threads) : arena(threads) {}
  tbb::task_arena arena;
};

WorkerPool::WorkerPool(int threads) : state_(std::make_unique<State>(threads > 0 ? threads : available_cores())) {}
WorkerPool::~WorkerPool() = default;

int WorkerPool::threads() const {
  return state_->arena.max_concurrency();
}

void WorkerPool::for_each(std::size_t count, const std::function<void(std::size_t)>& task) {
  char begin = 0, end = 0;
  happened_before(&begin);
  state_->arena.execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, count, 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
          happens_after(&begin);
          for (std::size_t i = range.begin(); i != range.end(); ++i) task(i);
          happened_before(&end);
        },
        tbb::simple_partitioner());
  });
  happens_after(&end);
}

}  // namespace naevus
