#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>

#include "answer_text.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "model_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/base/terminal.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/infer/answer.hpp"
#include "output_argument.hpp"
#include "pictures_argument.hpp"
#include "saliency_files.hpp"

namespace naevus::app {
namespace fs = std::filesystem;
namespace {

struct Options {
  std::vector<std::string> arguments;
  fs::path model, out, saliency;
  std::string submission;
  int threads = 0;
  bool json = false, csv = false;
};

/// Lines to standard output as they come, or to a file that is written whole at the end.
class Output {
 public:
  explicit Output(fs::path path) : path_(std::move(path)) {}

  void write(const std::string& text) {
    if (!path_.empty())
      kept_ += text;
    else if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
      throw IoError("standard output can't be written");
  }
  void finish() {
    if (!path_.empty()) write_file(path_, kept_);
  }

 private:
  fs::path path_;
  std::string kept_;
};

std::vector<std::byte> standard_input() {
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  const auto bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

/// Where pictures come from: files, or the one on standard input.
struct Source {
  std::vector<fs::path> files;
  std::optional<std::vector<std::byte>> piped;

  explicit Source(const std::vector<std::string>& arguments) {
    if (std::find(arguments.begin(), arguments.end(), "-") == arguments.end())
      files = picture_files(arguments);
    else if (arguments.size() > 1)
      throw UsageError("'-' (a picture on standard input) stands alone", "-", "name files or '-', not both");
    else
      piped = standard_input();
  }

  std::size_t count() const { return piped ? 1 : files.size(); }
  std::string name(std::size_t i) const { return piped ? "-" : files[i].string(); }
  image::Image load(std::size_t i) const { return piped ? image::decode(*piped) : image::load(files[i]); }
};

std::size_t name_width(const Source& source) {
  constexpr std::size_t most = 48;
  std::size_t width = 0;
  for (std::size_t i = 0; i < source.count(); ++i) width = std::max(width, columns(source.name(i)));
  return std::min(width, most);
}

infer::Outcome classify_piped(const infer::Classifier& classifier, std::span<const std::byte> file) {
  try {
    return classifier.classify_encoded(file);
  } catch (const Error& error) {
    return error;
  }
}

void run(Options options) {
  if (options.json && options.csv) throw UsageError("--json and --csv exclude each other", "--json");
  if (!options.submission.empty() && (options.json || options.csv))
    throw UsageError("--submission is a format of its own", "--submission", "leave --json and --csv out");
  const fs::path model = take_model(options.arguments, options.model);
  if (options.arguments.empty())
    throw UsageError("no picture is named", "", "name a file, a folder, a pattern, or - for standard input");
  const Source source(options.arguments);

  std::vector<fs::path> inputs = source.files;
  inputs.push_back(model);
  SaliencyFiles saliency(options.saliency, inputs);
  if (saliency.is_file() && source.count() > 1)
    throw UsageError("one file can't hold the maps of several pictures", options.saliency.string(), "name a folder");
  keep_inputs(options.out, inputs);
  if (saliency.is_file()) keep_inputs(options.saliency, inputs);

  const int most = static_cast<int>(std::min<std::size_t>(source.count(), 1024));
  const infer::Classifier classifier(
      model, {.threads = std::min(options.threads > 0 ? options.threads : available_cores(), most)});
  const auto writer = !options.submission.empty()
                          ? submission_writer(classifier.card(), dataset::challenge_from(options.submission))
                      : options.json ? json_writer(classifier.card())
                      : options.csv  ? csv_writer(classifier.card())
                                     : table_writer(classifier.card(), name_width(source));
  Output output(options.out);
  output.write(writer->head());
  std::size_t failed = 0;
  const bool lines_show = options.out.empty() && stdout_is_terminal();
  std::optional<Progress> progress;
  if (source.count() > 1 && !lines_show) progress.emplace("predicting", source.count());

  const auto take = [&](std::size_t i, const infer::Outcome& outcome) {
    const auto* answer = std::get_if<infer::Answer>(&outcome);
    if (answer == nullptr) ++failed;
    if (answer != nullptr && !options.saliency.empty())
      saliency.write(classifier, source.name(i), image::prepare(source.load(i), classifier.preparation()),
                     infer::top_class(*answer));
    output.write(writer->line(source.name(i), outcome));
    if (progress) progress->advance();
  };
  if (source.piped)
    take(0, classify_piped(classifier, *source.piped));
  else
    classifier.stream_files(source.files, take, interrupt_token());
  progress.reset();
  output.finish();
  if (failed > 0 && source.count() > 1)
    fmt::print(stderr, "{} of {} pictures failed\n", grouped(failed), grouped(source.count()));
  if (failed > 0) throw Exit{ExitCode::failed};
}

}  // namespace

void add_predict(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub = root.add_subcommand("predict", "Say what a model sees in pictures");
  sub->add_option("PICTURES", options->arguments,
                  "Pictures, folders of them, patterns, or - for one on standard input; before them a model (.onnx)");
  sub->add_option("--model", options->model, "The model (default: the one that came with naevus)");
  sub->add_flag("--json", options->json, "One JSON object a line");
  sub->add_flag("--csv", options->csv, "CSV with every class's probability");
  sub->add_option("--submission", options->submission,
                  "A file to hand in: isic2018 (task 3), isic2019, isic2020 or isic2024");
  sub->add_option("-o,--output", options->out, "Write to this file instead of standard output");
  sub->add_option("--saliency", options->saliency,
                  "Write what the model looked at for its first class: into this folder, or this .png or .jpg file");
  sub->add_option("--threads", options->threads, "Threads (default: all cores)")->check(CLI::NonNegativeNumber);
  sub->footer(
      "A picture that can't be read is named as failed; the others are answered, and the exit code is 1.\n"
      "Examples:\n"
      "  naevus predict mole.jpg\n"
      "  naevus predict runs/first/model.onnx pictures/ --csv -o answers.csv\n"
      "  naevus predict runs/first/model.onnx ISIC2018_Task3_Test_Input/ --submission isic2018 -o submission.csv\n"
      "  naevus predict mole.jpg --saliency mole-map.png\n"
      "  curl -s https://example.org/mole.jpg | naevus predict - --json");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
