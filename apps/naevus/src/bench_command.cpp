#include <fmt/format.h>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "bench_preparation.hpp"
#include "bench_workload.hpp"
#include "commands.hpp"
#include "model_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/base/terminal.hpp"
#include "naevus/infer/classifier.hpp"
#include "naevus/infer/engine_report.hpp"
#include "naevus/jobs/process.hpp"
#include "pictures_argument.hpp"

namespace naevus::app {
namespace fs = std::filesystem;
namespace {

struct Options {
  std::vector<std::string> arguments;
  fs::path model;
  int threads = 0, rounds = 5;
  std::optional<double> seconds;
  bool json = false, preparation = false;
};

/// Pictures a second of the whole way over about that many seconds.
double file_rate(const infer::Classifier& classifier, const Workload& workload, double seconds) {
  const auto begin = std::chrono::steady_clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); };
  std::size_t done = 0;
  std::vector<fs::path> files;
  while (files.size() < 128) files.insert(files.end(), workload.files.begin(), workload.files.end());
  do {
    for (const auto& outcome : classifier.classify_files(files, {}, interrupt_token()))
      if (const auto* error = std::get_if<Error>(&outcome)) throw InputError(error->problem(), error->where());
    done += files.size();
  } while (elapsed() < seconds);
  return static_cast<double>(done) / elapsed();
}

/// Wall time of this program started anew on one picture; the first start, which fills the cache, does not count.
double cold_start(const fs::path& model, const fs::path& file) {
  constexpr int starts = 7;
  const jobs::Command command{.program = fs::read_symlink("/proc/self/exe"),
                              .arguments = {"predict", "--model", model.string(), file.string()},
                              .error_file = "/dev/null"};
  std::vector<double> times;
  for (int i = 0; i <= starts; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    const auto outcome = jobs::run(command);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    if (outcome.exit_code != 0) throw Error("`naevus predict` failed on the picture of the benchmark", file.string());
    if (i > 0) times.push_back(time.count());
  }
  return median(times);
}

struct Rates {
  std::vector<double> engine;
  std::vector<std::vector<double>> files;  ///< by workload
};

/// The runs take turns, so that whatever else the machine does falls on all of them.
Rates measure(const fs::path& model, const std::vector<Workload>& workloads, const Options& options) {
  const infer::Classifier classifier(model, {.threads = options.threads});
  infer::EngineRate engine(model, options.threads);
  Rates rates{.engine = {}, .files = std::vector<std::vector<double>>(workloads.size())};
  const double seconds = options.seconds.value_or(2);
  engine.measure(0.5);
  for (int round = 0; round < options.rounds; ++round) {
    rates.engine.push_back(engine.measure(seconds));
    for (std::size_t i = 0; i < workloads.size(); ++i)
      rates.files[i].push_back(file_rate(classifier, workloads[i], seconds));
  }
  return rates;
}

/// What is measured: generated pictures of two sizes, or the named ones.
std::vector<Workload> workloads_of(const Options& options, const fs::path& folder) {
  if (options.arguments.empty()) return {generated(folder, 224, 224), generated(folder, 600, 450)};
  Workload named{"the named pictures", picture_files(options.arguments)};
  constexpr std::size_t most = 2000;
  if (named.files.size() > most) named.files.resize(most);
  return {named};
}

void run(Options options) {
  const TemporaryFolder folder;
  if (options.preparation) {
    if (!options.model.empty()) throw UsageError("steps are measured without a model", "--model", "leave it out");
    return bench_preparation(workloads_of(options, folder.path()),
                             {.rounds = options.rounds, .seconds = options.seconds.value_or(0.2)}, options.json);
  }
  const fs::path model = take_model(options.arguments, options.model);
  const std::vector<Workload> workloads = workloads_of(options, folder.path());
  const double start = cold_start(model, workloads[0].files[0]);
  const Rates rates = measure(model, workloads, options);

  const double engine = median(rates.engine);
  nlohmann::ordered_json json{{"model", model.string()},
                              {"threads", options.threads > 0 ? options.threads : available_cores()},
                              {"cold_start_seconds", start},
                              {"openvino_alone", engine}};
  if (!options.json) {
    fmt::print("cold start of `naevus predict`   {:>7.0f} ms\n", start * 1000);
    fmt::print("OpenVINO alone, ready tensors    {:>7.1f} img/s\n", engine);
  }
  for (std::size_t i = 0; i < workloads.size(); ++i) {
    const double rate = median(rates.files[i]);
    json["files"].push_back({{"pictures", workloads[i].name}, {"rate", rate}, {"ratio", rate / engine}});
    if (!options.json)
      fmt::print("{:<32} {:>7.1f} img/s   {:.2f} of OpenVINO alone\n", workloads[i].name, rate, rate / engine);
  }
  if (options.json) fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace

void add_bench(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub = root.add_subcommand("bench", "Measure how fast a model answers on this machine");
  sub->add_option("PICTURES", options->arguments,
                  "Pictures or folders (default: generated JPEGs); before them a model (.onnx)");
  sub->add_option("--model", options->model, "The model (default: the one that came with naevus)");
  sub->add_option("--threads", options->threads, "Threads (default: all cores)")->check(CLI::NonNegativeNumber);
  sub->add_option("--rounds", options->rounds, "Rounds, of which the median counts")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  sub->add_option("--seconds", options->seconds, "Length of each run of a round [2, for steps 0.2]")
      ->check(CLI::Range(0.1, 600.0));
  sub->add_flag("--preparation", options->preparation,
                "Measure each step of the preparation instead: pictures a second on one core");
  sub->add_flag("--json", options->json, "Print the result as JSON");
  sub->footer(
      "Pictures a second from files to answers, against OpenVINO alone on tensors that are ready; the two take turns.\n"
      "Examples:\n"
      "  naevus bench\n"
      "  naevus bench runs/first/model.onnx pictures/ --rounds 9\n"
      "  naevus bench --preparation");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
