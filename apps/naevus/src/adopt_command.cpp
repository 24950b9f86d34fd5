#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/model/model_file.hpp"
#include "output_argument.hpp"
#include "preparation_argument.hpp"

namespace naevus::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path file, out;
  model::AdoptOptions adopt;
  std::vector<float> mean, std;
  std::string layout;
  StepValues steps;
  bool bgr = false, json = false;
};

std::array<float, 3> channels(const std::vector<float>& values) {
  return {values[0], values[1], values[2]};
}

void run(Options& options) {
  if (options.out.extension() != ".onnx")
    throw UsageError(fmt::format("'{}' does not end in .onnx", options.out.string()), "-o", "models end in .onnx");
  options.adopt.mean = channels(options.mean);
  options.adopt.std = channels(options.std);
  options.adopt.nchw = options.layout == "nchw";
  options.adopt.rgb = !options.bgr;
  image::Preparation preparation;
  set_steps(preparation, options.steps);
  options.adopt.frame = image::step_value(preparation, "frame");
  options.adopt.preparation = image::chosen_steps(preparation);
  keep_inputs(options.out, {options.file});
  write_file(options.out, model::adopt(options.file, options.adopt));
  const model::Card card = model::read_card(options.out);
  if (options.json) {
    const nlohmann::json answer{{"model", options.out.string()}, {"name", card.name},   {"classes", card.classes},
                                {"malignant", card.malignant},   {"width", card.width}, {"height", card.height}};
    fmt::print("{}\n", answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    return;
  }
  fmt::print("{}: {}, {}x{} pixels, {} classes ({})\n", options.out.string(), card.name, card.width, card.height,
             card.classes.size(), fmt::join(card.classes, ", "));
  fmt::print(stderr, "Check it before you rely on it: naevus evaluate {} manifest.csv --part test\n",
             options.out.string());
}

}  // namespace

void add_adopt(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* sub = root.add_subcommand("adopt", "Make a model of a network that was trained elsewhere (ONNX)");
  sub->add_option("file", options->file, "The ONNX file: one input, one output, weights inside")->required();
  sub->add_option("--classes", options->adopt.classes, "The classes, in the order of the network's outputs: a,b,c")
      ->delimiter(',')
      ->required();
  sub->add_option("--malignant", options->adopt.malignant, "Those of them that are malignant")->delimiter(',');
  sub->add_option("--mean", options->mean, "Taken from red, green and blue (0 to 255) first: 123.7,116.3,103.5")
      ->delimiter(',')
      ->expected(3)
      ->required();
  sub->add_option("--std", options->std, "Then divided by: 58.4,57.1,57.4")->delimiter(',')->expected(3)->required();
  sub->add_option("--layout", options->layout, "nchw (PyTorch) or nhwc (Keras)")
      ->check(CLI::IsMember({"nchw", "nhwc"}))
      ->required();
  sub->add_flag("--bgr", options->bgr, "The network takes blue first");
  sub->add_flag("--probabilities", options->adopt.softmax_inside, "The network's output has its softmax already");
  sub->add_option("--name", options->adopt.name, "The model's name (default: the file's)");
  sub->add_option("--licence", options->adopt.licence, "The model's licence");
  sub->add_option("-o,--output", options->out, "The model file to write")->required();
  add_steps(*sub, options->steps);
  sub->add_flag("--json", options->json, "Print the result as JSON");
  sub->footer(
      "The network stays as it is; preparation, softmax, calibration and the card are put around it. Classes are put "
      "in\n"
      "alphabetical order. Networks that scale pictures to 0..1 have --mean 0,0,0 --std 255,255,255 here.\n"
      "The preparation is what its training did to a picture first.\n"
      "Examples:\n"
      "  naevus adopt resnet.onnx --classes nv,mel,bcc --malignant mel,bcc --layout nchw \\\n"
      "    --mean 123.675,116.28,103.53 --std 58.395,57.12,57.375 -o resnet-adopted.onnx\n"
      "  naevus adopt keras.onnx --classes benign,malignant --malignant malignant --layout nhwc \\\n"
      "    --mean 127.5,127.5,127.5 --std 127.5,127.5,127.5 --probabilities -o keras-adopted.onnx");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
