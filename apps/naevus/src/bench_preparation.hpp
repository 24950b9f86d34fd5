#pragma once
#include <vector>

#include "bench_workload.hpp"

namespace naevus::app {

struct BenchRuns {
  int rounds = 5;        ///< of which the median counts
  double seconds = 0.2;  ///< of each step in each round
};

/// Prints how many pictures a second each step of a preparation does on one core, by workload. Decoding and steps take
/// turns; pictures are in memory, but for decoding, which starts from a file's bytes.
void bench_preparation(const std::vector<Workload>& workloads, const BenchRuns& runs, bool json);

}  // namespace naevus::app
