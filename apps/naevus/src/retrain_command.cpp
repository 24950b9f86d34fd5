#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "data_argument.hpp"
#include "exit_code.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/registry/retrain.hpp"

namespace naevus::app {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  registry::RetrainOptions retrain;
  std::vector<std::string> believed;
  std::size_t if_confirmed = 0;
  bool json = false;
};

Json json_of(const metrics::Share& share) {
  return {{"doubted", share.hits}, {"labels", share.cases}};
}

Json json_of(const store::Model& model) {
  return {{"name", model.name}, {"version", model.version}, {"sha256", model.sha256}};
}

Json json_of(const registry::RetrainResult& result) {
  Json readers = Json::array(), left_out = Json::object();
  for (const auto& reader : result.readers.readers) {
    readers.push_back({{"reader", reader.reader}, {"believed", reader.believed}, {"p_value", reader.p_value}});
    readers.back().update(json_of(reader.doubted));
  }
  for (const auto& left : result.left_out) left_out[left.reason] = left.pictures;
  return {{"served", json_of(result.served)},
          {"candidate", json_of(result.candidate)},
          {"labelled", result.labelled},
          {"learned", result.learned},
          {"newest", result.newest},
          {"left_out", left_out},
          {"reference", json_of(result.readers.reference)},
          {"readers", readers},
          {"test_readings", result.test_readings},
          {"gate", Json::parse(registry::to_json(result.gate))},
          {"promoted", result.promoted},
          {"report", result.report.string()}};
}

void print(const registry::RetrainResult& result) {
  fmt::print("{} of {} pictures learned from, {} kept apart to judge\n", grouped(result.learned),
             grouped(result.labelled), grouped(result.newest));
  for (const auto& left : result.left_out) fmt::print("  left out: {:>6}  {}\n", grouped(left.pictures), left.reason);
  for (const auto& reader : result.readers.readers)
    if (!reader.believed)
      fmt::print("  {}: {} of {} labels doubted (of known ones {} of {})\n", reader.reader, reader.doubted.hits,
                 reader.doubted.cases, result.readers.reference.hits, result.readers.reference.cases);
  for (const auto& condition : result.gate.conditions)
    fmt::print("{}  {}: {}\n", condition.holds ? "yes" : "no ", condition.name, condition.text);
  const std::string name = fmt::format("{} v{}", result.candidate.name, result.candidate.version);
  if (result.promoted)
    fmt::print("{} answers from now on (naevus models rollback undoes it)\n", name);
  else if (result.gate.passed())
    fmt::print("{} passed and was not promoted: naevus models promote {}\n", name,
               result.candidate.sha256.substr(0, 12));
  else
    fmt::print("{} is not shown to be no worse than v{}, which goes on answering\n", name, result.served.version);
  fmt::print("report: {}\n", result.report.string());
}

void run(Options options) {
  options.retrain.believed = {options.believed.begin(), options.believed.end()};
  if (options.if_confirmed > 0) {
    store::Database database(options.retrain.location, {.create = false});
    if (const std::size_t found = registry::new_confirmed_labels(database); found < options.if_confirmed) {
      fmt::print(stderr, "{} confirmed labels are new, {} are asked for: nothing is done\n", grouped(found),
                 grouped(options.if_confirmed));
      return;
    }
  }
  const auto result = registry::retrain(options.retrain);
  if (options.json)
    fmt::print("{}\n", json_of(result).dump(2));
  else
    print(result);
  if (!result.gate.passed()) throw Exit{ExitCode::failed};
}

}  // namespace

void add_retrain(CLI::App& root) {
  auto options = std::make_shared<Options>();
  auto& retrain = options->retrain;
  CLI::App* const sub = root.add_subcommand("retrain", "Learn from the detector's feedback, if that is no step back");
  sub->add_option("MANIFEST", retrain.manifest, "The manifest that the served model was trained from, with its parts")
      ->required();
  sub->add_option("--config", retrain.config, "The recipe of the training (TOML, as for naevus train)")
      ->required()
      ->check(CLI::ExistingFile);
  sub->add_option("--labels", retrain.labels, "Label map for the manifest, where the model was trained with one");
  sub->add_option("--if-confirmed", options->if_confirmed,
                  "Do nothing unless so many new labels are confirmed by histopathology or two readers");
  sub->add_option("--believe", options->believed, "A reader who counts though doubted; may be repeated")
      ->type_name("READER")
      ->take_all();
  sub->add_flag("!--no-promote", retrain.promote, "Leave a candidate that passes to naevus models promote");
  sub->add_option("--seed", retrain.gate.seed, "Of the bootstrap")->capture_default_str();
  sub->add_option("--threads", retrain.threads, "Threads (default: all cores)")->check(CLI::NonNegativeNumber);
  sub->add_flag("--json", options->json, "Print the result as JSON");
  add_data_options(*sub, retrain.location);
  sub->footer(
      "Cleans what readers said as any data, trains a candidate from the model that answers, and tests both on the\n"
      "manifest's test part and on the newest feedback. The candidate answers from then on if the lower 95 % bound of\n"
      "the difference lies above -0.02 for balanced accuracy and for melanoma's sensitivity, and no subgroup of 50\n"
      "pictures loses more than 0.05; else the exit code is 1. Stopped at any moment, the same command goes on.\n"
      "Examples:\n"
      "  naevus retrain split.csv --config recipes/ham7.toml --labels ham7\n"
      "  naevus retrain split.csv --config recipes/ham7.toml --labels ham7 --if-confirmed 50   (from a timer)");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
