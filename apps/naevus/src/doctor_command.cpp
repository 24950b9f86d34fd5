#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "exit_code.hpp"
#include "model_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/base/terminal.hpp"
#include "naevus/dataset/label_map.hpp"
#include "naevus/infer/classifier.hpp"
#include "naevus/infer/engine_report.hpp"
#include "naevus/jobs/process.hpp"
#include "naevus/model/model_file.hpp"

namespace naevus::app {
namespace fs = std::filesystem;
namespace {

enum class State { ok, warning, problem };

struct Finding {
  std::string what;  ///< "OpenVINO"
  State state = State::ok;
  std::string text;    ///< what was found
  std::string advice;  ///< what to do; empty when ok
};

using Findings = std::vector<Finding>;

std::string gigabytes(double bytes) {
  return fmt::format("{:.1f} GiB", bytes / (1 << 30));
}

void check_engine(Findings& findings) {
  const infer::EngineReport report = infer::engine_report();
  findings.push_back({"OpenVINO", State::ok, report.version + " on " + report.processor});
}

void check_libraries(Findings& findings) {
  findings.push_back({"naevus", State::ok, NAEVUS_VERSION});
  findings.push_back({"OpenCV", State::ok, NAEVUS_OPENCV_VERSION});
}

void check_processor(Findings& findings) {
  std::string instructions;
  const auto add = [&](bool there, const char* name) {
    if (there) instructions += std::string(instructions.empty() ? "" : ", ") + name;
  };
  add(__builtin_cpu_supports("avx2"), "AVX2");
  add(__builtin_cpu_supports("avx512f"), "AVX-512");
  add(__builtin_cpu_supports("avx512vnni"), "VNNI");
  add(__builtin_cpu_supports("avx512bf16"), "bf16");
  Finding finding{"processor", State::ok, fmt::format("{} cores, {}", available_cores(), instructions)};
  if (!__builtin_cpu_supports("avx2")) {
    finding.state = State::warning;
    finding.text = fmt::format("{} cores, no AVX2", available_cores());
    finding.advice = "it works, several times slower than on a processor since 2015";
  }
  findings.push_back(finding);
}

void check_memory(Findings& findings) {
  constexpr double needed = 2.0 * (1 << 30);
  std::ifstream file("/proc/meminfo");
  std::string key, unit;
  double kilobytes = 0;
  while (file >> key >> kilobytes >> unit && key != "MemAvailable:") {
  }
  if (key != "MemAvailable:") return;
  const bool enough = kilobytes * 1024 >= needed;
  findings.push_back({"memory", enough ? State::ok : State::warning, gigabytes(kilobytes * 1024) + " available",
                      enough ? "" : "training needs about 2 GiB: close programs, or use a smaller batch"});
}

void check_temporary_space(Findings& findings) {
  constexpr double needed = 1 << 30;
  const fs::path folder = fs::temp_directory_path();
  const auto free = static_cast<double>(fs::space(folder).available);
  findings.push_back({"temporary files", free >= needed ? State::ok : State::warning,
                      fmt::format("{} free in {}", gigabytes(free), folder.string()),
                      free >= needed ? "" : "make room, or set TMPDIR to a larger folder"});
}

void check_cache(Findings& findings) {
  const fs::path folder = default_cache_folder();
  if (folder.empty()) {
    findings.push_back({"model cache", State::warning, "there is none: neither HOME nor XDG_CACHE_HOME is set",
                        "set XDG_CACHE_HOME to a folder that can be written: models then start faster"});
    return;
  }
  std::error_code error;
  double bytes = 0;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (entry->is_regular_file(error)) bytes += static_cast<double>(entry->file_size(error));
  try {
    const fs::path probe = folder / fmt::format("doctor-{}", getpid());
    write_file(probe, "");
    fs::remove(probe, error);
    findings.push_back({"model cache", State::ok, fmt::format("{}, {:.0f} MiB", folder.string(), bytes / (1 << 20))});
  } catch (const IoError& refused) {
    findings.push_back({"model cache", State::warning, refused.what(),
                        "make it writable, or set XDG_CACHE_HOME: models then start faster"});
  }
}

void check_training(Findings& findings) {
  const fs::path program = program_folder() / "naevus-train";
  const char* const advice = "install naevus with training (CMake option NAEVUS_TRAIN); everything else works without";
  if (!fs::exists(program)) {
    findings.push_back({"naevus-train", State::warning, "not beside this program", advice});
    return;
  }
  std::string versions;
  const auto outcome = jobs::run({.program = program, .arguments = {"--version"}, .error_file = "/dev/null"},
                                 [&](const std::string& line) { versions += (versions.empty() ? "" : " ") + line; });
  if (outcome.exit_code != 0) {
    findings.push_back({"naevus-train", State::problem,
                        fmt::format("{} does not start (exit code {})", program.string(), outcome.exit_code),
                        "run it by hand to see why; a missing library comes with the package libtorch1.13"});
    return;
  }
  findings.push_back({"naevus-train", State::ok, versions});
}

void check_models(Findings& findings) {
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(models_folder(), error))
    if (entry.path().extension() == ".onnx") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    const model::Card card = model::read_card(file);
    findings.push_back({"model", State::ok,
                        fmt::format("{} ({}, {} classes, {}×{})", file.filename().string(), card.architecture,
                                    card.classes.size(), card.width, card.height)});
  }
  if (files.empty())
    findings.push_back({"model", State::warning, "none in " + models_folder().string(),
                        "name one with --model; `naevus train` makes one"});
}

void check_label_maps(Findings& findings) {
  const auto names = dataset::label_map_names();
  for (const std::string& name : names) dataset::find_label_map(name);
  findings.push_back({"label maps", names.empty() ? State::problem : State::ok,
                      names.empty() ? "none found" : fmt::format("{}", fmt::join(names, ", ")),
                      names.empty() ? "install naevus again with its share/naevus folder" : ""});
}

Findings examine() {
  const std::vector<std::pair<const char*, std::function<void(Findings&)>>> checks = {
      {"versions", check_libraries},
      {"OpenVINO", check_engine},
      {"processor", check_processor},
      {"memory", check_memory},
      {"temporary files", check_temporary_space},
      {"model cache", check_cache},
      {"naevus-train", check_training},
      {"model", check_models},
      {"label maps", check_label_maps}};
  Findings findings;
  for (const auto& [name, check] : checks) {
    try {
      check(findings);
    } catch (const Error& error) {
      findings.push_back({name, State::problem, (error.where().empty() ? "" : error.where() + ": ") + error.problem(),
                          error.advice()});
    } catch (const std::exception& error) {
      findings.push_back({name, State::problem, error.what()});
    }
  }
  return findings;
}

const char* name_of(State state) {
  return state == State::ok ? "ok" : state == State::warning ? "warning" : "problem";
}

void print(const Findings& findings) {
  for (const Finding& finding : findings) {
    const Style style = finding.state == State::ok        ? Style::green
                        : finding.state == State::warning ? Style::yellow
                                                          : Style::red;
    fmt::print("{}  {:<16} {}\n", styled(fmt::format("{:<7}", name_of(finding.state)), style), finding.what,
               finding.text);
    if (!finding.advice.empty()) fmt::print("{:9}{:<16} → {}\n", "", "", finding.advice);
  }
}

void print_json(const Findings& findings) {
  auto list = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    nlohmann::ordered_json entry{{"what", finding.what}, {"state", name_of(finding.state)}, {"text", finding.text}};
    if (!finding.advice.empty()) entry["advice"] = finding.advice;
    list.push_back(entry);
  }
  fmt::print("{}\n", list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

void run(bool json) {
  const Findings findings = examine();
  json ? print_json(findings) : print(findings);
  if (std::any_of(findings.begin(), findings.end(), [](const auto& f) { return f.state == State::problem; }))
    throw Exit{ExitCode::failed};
}

}  // namespace

void add_doctor(CLI::App& root) {
  CLI::App* const sub =
      root.add_subcommand("doctor", "Check libraries, processor, caches, models and data, and say what to do");
  auto json = std::make_shared<bool>(false);
  sub->add_flag("--json", *json, "Print the findings as JSON");
  sub->footer(
      "Exit code 1 if something is a problem; warnings leave it at 0.\nExamples:\n  naevus doctor\n  naevus doctor "
      "--json");
  sub->callback([json] { run(*json); });
}

}  // namespace naevus::app
