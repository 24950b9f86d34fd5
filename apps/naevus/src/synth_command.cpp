#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/dataset/synth.hpp"
#include "size_argument.hpp"

namespace naevus::app {
namespace {

struct Options {
  std::filesystem::path out;
  dataset::SynthOptions synth;
  std::string size = "224x224";
  int threads = 0;
  bool json = false;
};

void run(Options& options) {
  const Size size = read_size(options.size);
  options.synth.width = size.width;
  options.synth.height = size.height;
  WorkerPool pool(options.threads);
  const dataset::SynthResult result = dataset::synthesise(options.out, options.synth, pool);
  if (options.json) {
    const nlohmann::json answer{{"manifest", result.manifest.string()},
                                {"images", result.images},
                                {"lesions", result.lesions},
                                {"classes", result.classes},
                                {"seed", options.synth.seed}};
    fmt::print("{}\n", answer.dump(2));
    return;
  }
  std::string classes;
  for (const auto& [label, count] : result.classes)
    classes += fmt::format("{}{} {}", classes.empty() ? "" : " · ", label, grouped(count));
  fmt::print("{}: {} synthetic images, {} lesions ({})\n", result.manifest.string(), grouped(result.images),
             grouped(result.lesions), classes);
}

}  // namespace

void add_synth(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub = root.add_subcommand("synth", "Render labelled synthetic lesions to try things out with");
  sub->add_option("OUT", options->out, "Folder to make: images/, manifest.csv, README.txt")->required();
  sub->add_option("--images", options->synth.images, "Number of pictures")->capture_default_str();
  sub->add_option("--seed", options->synth.seed, "The same seed renders the same pictures")->capture_default_str();
  sub->add_option("--size", options->size, "WIDTHxHEIGHT in pixels, 32 to 4096")->capture_default_str();
  sub->add_option("--threads", options->threads, "Threads (default: all cores)")->check(CLI::NonNegativeNumber);
  sub->add_flag("--json", options->json, "Print the result as JSON");
  sub->footer(
      "Examples:\n"
      "  naevus synth pictures --images 350 --seed 1\n"
      "  naevus synth large --images 70 --size 600x450");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
