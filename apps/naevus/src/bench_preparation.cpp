#include "bench_preparation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/image/colour_constancy.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/prepare.hpp"

namespace naevus::app {
namespace {

/// A picture as its file and as its pixels.
struct Sample {
  std::vector<std::byte> file;
  image::Image picture, prepared;
};

struct Task {
  std::string name;
  std::function<void(const Sample&)> run;
};

std::vector<Sample> samples_of(const Workload& workload) {
  constexpr std::size_t most = 64;
  std::vector<Sample> samples;
  for (const auto& path : workload.files) {
    if (samples.size() == most) break;
    Sample sample{.file = read_file(path), .picture = image::load(path)};
    sample.prepared = image::prepare(sample.picture, {});
    samples.push_back(std::move(sample));
  }
  return samples;
}

/// One value of one step, everything else at its default but for the frame, so that only the step and a copy is timed.
Task task_of(const image::Step& step, const std::string& value) {
  image::Preparation p{.frame = image::Frame::whole};
  image::set_step(p, step.name, value);
  const std::string name = fmt::format("{} = {}", step.name, value);
  if (step.name == "resize")
    return {name + ", to 224x224", [p](const Sample& sample) { image::prepare(sample.picture, p); }};
  if (step.name == "colour_constancy")
    return {name + ", at 224x224",
            [p](const Sample& sample) { image::with_colour_constancy(sample.prepared, p.colour_constancy); }};
  return {name, [p](const Sample& sample) { image::clean(sample.picture, p); }};
}

std::vector<Task> all_tasks() {
  std::vector<Task> tasks{{"decode", [](const Sample& sample) { image::decode(sample.file); }}};
  for (const image::Step& step : image::steps()) {
    if (step.name == "frame") continue;  // costs nothing by itself
    for (const std::string& value : step.choices)
      if (value != "none") tasks.push_back(task_of(step, value));
  }
  return tasks;
}

double rate_of(const Task& task, const std::vector<Sample>& samples, double seconds) {
  const auto begin = std::chrono::steady_clock::now();
  std::chrono::duration<double> elapsed{};
  std::size_t done = 0;
  do {
    interrupt_token().check();
    task.run(samples[done++ % samples.size()]);
    elapsed = std::chrono::steady_clock::now() - begin;
  } while (elapsed.count() < seconds);
  return static_cast<double>(done) / elapsed.count();
}

}  // namespace

void bench_preparation(const std::vector<Workload>& workloads, const BenchRuns& runs, bool json) {
  const std::vector<Task> tasks = all_tasks();
  auto answer = nlohmann::ordered_json::array();
  for (const Workload& workload : workloads) {
    const std::vector<Sample> samples = samples_of(workload);
    std::vector<std::vector<double>> rates(tasks.size());
    for (int round = 0; round < runs.rounds; ++round)
      for (std::size_t t = 0; t < tasks.size(); ++t) rates[t].push_back(rate_of(tasks[t], samples, runs.seconds));
    if (!json) fmt::print("{}, one core\n", workload.name);
    for (std::size_t t = 0; t < tasks.size(); ++t) {
      const double rate = median(rates[t]);
      answer.push_back({{"pictures", workload.name}, {"step", tasks[t].name}, {"rate", rate}});
      if (!json) fmt::print("  {:<46} {:>9.1f} img/s\n", tasks[t].name, rate);
    }
  }
  if (json) fmt::print("{}\n", answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace naevus::app
