#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "commands.hpp"
#include "model_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/evaluate/model_card.hpp"
#include "naevus/model/model_file.hpp"
#include "output_argument.hpp"

namespace naevus::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> files;  // [MODEL.onnx]
  std::string model;
  fs::path evaluation, out;
  bool json = false;
};

void run(const Options& options) {
  for (const std::string& file : options.files)
    if (fs::path(file).extension() != ".onnx") throw UsageError("is no model file", file, "a model file ends in .onnx");
  std::vector<std::string> rest = options.files;
  const fs::path path = take_model(rest, options.model);
  const std::string kind = options.out.extension().string();
  if (!options.out.empty() && kind != ".md" && kind != ".html")
    throw UsageError("a card is written as .md or .html", options.out.string());
  if (options.json && (!options.out.empty() || !options.evaluation.empty()))
    throw UsageError("--json prints the card as the model file holds it", "--json", "leave -o and --evaluation out");
  keep_inputs(options.out, {path, options.evaluation});
  const model::Card card = model::read_card(path);
  if (options.json) {
    fmt::print("{}\n", model::to_json(card, 2));
    return;
  }
  std::optional<evaluate::MeasuredScores> scores;
  if (!options.evaluation.empty()) scores = evaluate::read_evaluation(options.evaluation, card);
  if (options.out.empty())
    fmt::print("{}", evaluate::card_markdown(card, scores));
  else
    write_file(options.out, kind == ".md" ? evaluate::card_markdown(card, scores) : evaluate::card_html(card, scores));
}

}  // namespace

void add_card(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub = root.add_subcommand("card", "Show what a model file says of itself, as a model card");
  sub->add_option("FILES", options->files, "[MODEL.onnx]")->type_name("[MODEL.onnx]");
  sub->add_option("--model", options->model, "The model (default: the one that naevus brings along)");
  sub->add_option("--evaluation", options->evaluation,
                  "What `naevus evaluate --json` said of it, for its test figures");
  sub->add_option("-o,--output", options->out, "Write the card to a file: .md or .html (default: Markdown, printed)");
  sub->add_flag("--json", options->json, "Print the card as the model file holds it");
  sub->footer(
      "After Mitchell et al. 2019. Everything in it comes from the model file and from the evaluation that is named.\n"
      "Examples:\n"
      "  naevus card runs/ham7/model.onnx\n"
      "  naevus evaluate runs/ham7/model.onnx split.csv --json > test.json\n"
      "  naevus card runs/ham7/model.onnx --evaluation test.json -o card.html");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
