#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "commands.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/base/random.hpp"
#include "naevus/image/augment.hpp"
#include "naevus/jobs/training.hpp"
#include "run_folder.hpp"

namespace naevus::app {
namespace {

namespace fs = std::filesystem;
using Values = std::map<std::string, std::string>;

struct Options {
  fs::path config, out;
  int trials = 10;
  std::uint64_t seed = 1;
  bool json = false;
};

struct Trial {
  int number = 0;  ///< from 1
  Values changed;  ///< keys of the config
  double strength = 1;
  RunFolder::Best score;
};

double real(const Values& config, const std::string& key, double fallback) {
  const auto found = config.find(key);
  return found == config.end() ? fallback : std::stod(found->second);
}

/// All ranges of the augmentation, times one factor.
void scale_augmentation(const Values& config, double strength, Values& changed) {
  const image::Augmentation usual;
  const auto put = [&](const char* name, double initial, double highest) {
    const std::string key = fmt::format("augmentation.{}", name);
    changed[key] = fmt::format("{:.4g}", std::min(highest, strength * real(config, key, initial)));
  };
  put("aspect", usual.aspect, 0.5);
  put("shift", usual.shift, 0.5);
  put("shear", usual.shear, 45);
  put("brightness", usual.brightness, 0.8);
  put("contrast", usual.contrast, 0.8);
  put("saturation", usual.saturation, 0.9);
  put("hue", usual.hue, 0.3);
  put("white_balance", usual.white_balance, 0.6);
  put("blur", usual.blur, 0.9);
  const auto around_one = [&](const char* name, double initial) {
    const std::string key = fmt::format("augmentation.{}", name);
    changed[key] = fmt::format("{:.4g}", std::clamp(1 + strength * (real(config, key, initial) - 1), 0.2, 4.0));
  };
  around_one("scale_low", usual.scale_low);
  around_one("scale_high", usual.scale_high);
}

/// The first trial is the config as it is; the others depend on seed and number alone (Bergstra & Bengio 2012).
Trial draw(const Values& config, std::uint64_t seed, int number) {
  Trial trial{.number = number};
  if (number == 1) return trial;
  Random random(seed, {static_cast<std::uint64_t>(number)});
  const auto log_uniform = [&](double low, double high) {
    return std::exp(random.uniform(std::log(low), std::log(high)));
  };
  constexpr std::array balancings{"none", "sampling", "loss", "logit-adjustment"};
  const double rate = real(config, "learning_rate", 0.001);
  trial.changed["learning_rate"] = fmt::format("{:.3g}", log_uniform(rate / 5, rate * 5));
  trial.changed["weight_decay"] = fmt::format("{:.3g}", log_uniform(0.0005, 0.2));
  trial.changed["balancing"] = balancings[random.below(balancings.size())];
  trial.strength = std::round(100 * random.uniform(0.4, 1.8)) / 100;
  scale_augmentation(config, trial.strength, trial.changed);
  return trial;
}

fs::path trial_folder(const Options& options, int number) {
  return options.out / fmt::format("trial-{:03}", number);
}

/// A search goes on only with the config and seed that it began with: else its trials could not be compared.
void claim_folder(const Options& options, const Values& config) {
  nlohmann::json about{{"config", config}, {"seed", options.seed}};
  const fs::path path = options.out / "tune.json";
  make_folder(options.out);
  if (!fs::exists(path)) return write_file(path, about.dump(2) + "\n");
  if (read_text(path) == about.dump(2) + "\n") return;
  throw UsageError("this folder holds a search with another config or seed", options.out.string(),
                   "name another folder with -o");
}

std::string shown(const Trial& trial, const Values& config, const char* key) {
  if (const auto found = trial.changed.find(key); found != trial.changed.end()) return found->second;
  const auto found = config.find(key);
  return found == config.end() ? "-" : found->second;
}

void print_table(const std::vector<Trial>& trials, const Values& config) {
  fmt::print("{:>5}  {:>8}  {:>9}  {:>13}  {:>12}  {:<16}  {}\n", "trial", "val BACC", "macro AUC", "learning rate",
             "weight decay", "balancing", "augmentation");
  for (const auto& trial : trials) {
    fmt::print("{:>5}  {:>8.3f}  {:>9.3f}  {:>13}  {:>12}  {:<16}  x {:.2f}\n", trial.number,
               trial.score.balanced_accuracy, trial.score.macro_auc, shown(trial, config, "learning_rate"),
               shown(trial, config, "weight_decay"), shown(trial, config, "balancing"), trial.strength);
  }
}

nlohmann::json as_json(const Options& options, const Trial& trial) {
  return {{"trial", trial.number},
          {"folder", trial_folder(options, trial.number).string()},
          {"balanced_accuracy", trial.score.balanced_accuracy},
          {"macro_auc", trial.score.macro_auc},
          {"augmentation_strength", trial.strength},
          {"changed", trial.changed}};
}

/// The best trial's config, in a folder of its own beside the trials: paths in it are seen from there alike.
fs::path write_best(const Options& options, const Trial& best) {
  const fs::path path = options.out / "best" / "config.toml";
  make_folder(path.parent_path());
  write_file(path, read_text(trial_folder(options, best.number) / "config.toml"));
  return path;
}

void tune(Options options) {
  const Values config = read_config_values(options.config);
  if (options.out.empty()) options.out = options.config.stem().string() + "-tune";
  claim_folder(options, config);
  std::vector<Trial> trials;
  for (int number = 1; number <= options.trials; ++number) {
    Trial trial = draw(config, options.seed, number);
    const fs::path folder = trial_folder(options, number);
    if (!fs::exists(folder / "model.onnx"))
      jobs::train_run({.config = options.config,
                       .folder = folder,
                       .changed = trial.changed,
                       .name = fmt::format("trial {}", trial.number)});
    trial.score = read_run(folder).best.value_or(RunFolder::Best{});
    trials.push_back(std::move(trial));
  }
  std::stable_sort(trials.begin(), trials.end(), [](const Trial& a, const Trial& b) {
    return std::pair(a.score.balanced_accuracy, a.score.macro_auc) >
           std::pair(b.score.balanced_accuracy, b.score.macro_auc);
  });
  const fs::path best = write_best(options, trials.front());
  if (options.json) {
    auto list = nlohmann::json::array();
    for (const auto& trial : trials) list.push_back(as_json(options, trial));
    fmt::print("{}\n", list.dump(2));
  } else {
    print_table(trials, config);
  }
  fmt::print(stderr, "next: naevus train {}\n", best.string());
}

}  // namespace

void add_tune(CLI::App& root) {
  auto options = std::make_shared<Options>();
  auto* sub = root.add_subcommand("tune", "Search for better settings of a training config");
  sub->footer(
      "Draws learning rate, weight decay, balancing and augmentation strength at random, trains each draw, and ranks\n"
      "them by balanced accuracy on the validation part. The first trial is the config as it is. Stopped, the same\n"
      "command goes on; with more --trials it adds to what is there.\n\n"
      "Examples:\n  naevus tune ham7.toml --trials 20\n  naevus tune ham7.toml --trials 40 -o search --json");
  sub->add_option("config", options->config, "The config to start from")->required()->type_name("CONFIG.toml");
  sub->add_option("--trials", options->trials, "Trainings, with those that are done already [10]")
      ->check(CLI::Range(1, 10000));
  sub->add_option("--seed", options->seed, "Of the draws [1]");
  sub->add_option("-o,--out", options->out, "Folder of the trials [the config's name + -tune]");
  sub->add_flag("--json", options->json, "The table as JSON");
  sub->final_callback([options] { tune(*options); });
}

}  // namespace naevus::app
