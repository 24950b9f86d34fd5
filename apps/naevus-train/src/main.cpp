#include <fmt/format.h>
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <climits>
#include <cstdio>
#include <exception>
#include <map>
#include <string>

#include "naevus/base/error.hpp"
#include "naevus/base/log.hpp"
#include "naevus/jobs/flag.hpp"
#include "naevus/train/config.hpp"
#include "naevus/train/run.hpp"

namespace {

constexpr const char* about =
    "Train a classifier on a manifest. Every key of the config is a flag too; flags win over the file.";

constexpr const char* examples =
    "Examples:\n"
    "  naevus train ham7.toml\n"
    "  naevus train ham7.toml --epochs 4 --out runs/short\n"
    "  naevus train --manifest split.csv --out runs/first --weights weights/efficientnet-lite0.safetensors\n"
    "  naevus train runs/first/config.toml --resume";

struct Options {
  std::string config;
  std::map<std::string, std::string> given;  // key to value
  bool resume = false, overwrite = false, json = false, list_options = false;
};

void add_options(CLI::App& app, Options& options) {
  app.add_option("config", options.config, "TOML file with the keys below")->type_name("CONFIG.toml");
  app.add_flag("--resume", options.resume,
               "Go on with the run in the folder, to the same result; start it where there is none");
  app.add_flag("--overwrite", options.overwrite, "Replace the run in the folder")->excludes("--resume");
  app.add_flag("--json", options.json, "Events as JSON lines on standard output");
  app.add_flag_function(
      "-v,--verbose",
      [](std::int64_t count) {
        naevus::log::set_level(count > 1 ? naevus::log::Level::debug : naevus::log::Level::info);
      },
      "Say more on standard error");
  app.add_flag("--list-options", options.list_options, "For naevus completion")->group("");
  const auto add = [&](const std::string& key, const std::string& flags, std::string help, const std::string& type) {
    app.add_option_function<std::string>(
           flags, [&options, key](const std::string& value) { options.given[key] = value; }, std::move(help))
        ->type_name(type)
        ->group(key.starts_with("augmentation.")  ? "Augmentation"
                : key.starts_with("preparation.") ? "Preparation"
                                                  : "Keys of the config");
  };
  for (const auto& key : naevus::train::config_keys()) {
    const std::string initial = key.initial.empty() ? "" : fmt::format(" [{}]", key.initial);
    const std::string flags = key.name == "out"       ? "-o,--out"
                              : key.name == "weights" ? "--weights,--from"
                                                      : naevus::jobs::flag_of(key.name);
    add(key.name, flags, key.help + initial, key.type);
  }
  add("size", "--size", "width and height at once", "whole number");
}

/// One line an option: names, type (empty for a switch) and description, parted by tabs.
void list_options(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    if (!option->nonpositional() || option->get_group().empty()) continue;
    fmt::print("{}\t{}\t{}\n", option->get_name(false, true),
               option->get_items_expected_max() > 0 ? option->get_type_name() : "", option->get_description());
  }
}

int train(const Options& options) {
  naevus::train::Config config;
  if (!options.config.empty()) config = naevus::train::read_config(options.config);
  for (const auto& [key, value] : options.given) naevus::train::set(config, key, value);
  const auto result =
      naevus::train::run(config, {.resume = options.resume, .overwrite = options.overwrite, .json = options.json});
  if (!options.json) {
    fmt::print("{}   best epoch {} of {}   validation: balanced accuracy {:.3f}, macro AUC {:.3f}\n",
               result.model.string(), result.best_epoch, result.epochs, result.balanced_accuracy, result.macro_auc);
  }
  fmt::print(stderr, "next: naevus evaluate {} {} --part test{}\n", result.model.string(), config.manifest,
             config.labels.empty() ? "" : " --labels " + config.labels);
  return 0;
}

int report(const naevus::Error& error, int code) {
  fmt::print(stderr, "naevus train: {}{}{}\n", error.where(), error.where().empty() ? "" : ": ", error.problem());
  if (!error.advice().empty()) fmt::print(stderr, "        {}\n", error.advice());
  return code;
}

int run(int argc, char** argv) {
  CLI::App app(about, "naevus train");
  app.footer(examples);
  app.get_formatter()->column_width(44);
  app.set_version_flag("--version",
                       fmt::format("naevus {}\nLibTorch {}", NAEVUS_VERSION, naevus::train::engine_version()),
                       "Versions of naevus and LibTorch");
  Options options;
  add_options(app, options);
  try {
    app.parse(argc, argv);
    if (options.list_options) return list_options(app), 0;
    return train(options);
  } catch (const CLI::Success& asked) {
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "naevus train: {}\n        try: naevus train --help\n", error.what());
    return 2;
  } catch (const naevus::UsageError& error) {
    return report(error, 2);
  } catch (const naevus::Cancelled&) {
    return 130;
  } catch (const naevus::Error& error) {
    return report(error, 1);
  } catch (const std::bad_alloc&) {
    return report(naevus::Error("not enough memory", "", "use a smaller --batch or --size"), 1);
  } catch (const std::exception& error) {
    return report(naevus::Error(fmt::format("an internal error: {}", error.what()), "",
                                "please report it with the command that you typed"),
                  1);
  }
}

/// LibTorch frees and asks for the same hundreds of megabytes in every step. By default glibc gives each block back to
/// the kernel, which then clears it page by page: two thirds of a step's time.
void keep_memory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_TOP_PAD, 64 << 20);
  mallopt(M_ARENA_MAX, 1);
}

}  // namespace

int main(int argc, char** argv) {
  keep_memory();
  try {
    return run(argc, argv);
  } catch (...) {  // not even a message could be made
    std::fputs("naevus train: not enough memory\n", stderr);
    return 1;
  }
}
