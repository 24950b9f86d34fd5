#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "naevus/base/error.hpp"
#include "naevus/base/log.hpp"
#include "watch.hpp"

namespace {

namespace fs = std::filesystem;

constexpr const char* about =
    "Say what a model sees in a camera, a stream or a video: in a window over the picture, or line by line.\n"
    "It looks at the largest square in the middle of each frame: hold the lens so that the lesion is in it.";

constexpr const char* examples =
    "Of what is live the newest frame is looked at, and those that there is no time for are dropped; a file is shown "
    "in\n"
    "its own time, and with --json read frame by frame. Keys: space freezes, s saves the frame, q or Esc ends.\n"
    "Examples:\n"
    "  naevus watch\n"
    "  naevus watch --source rtsp://camera.example/1 runs/first/model.onnx\n"
    "  naevus watch --source clip.mp4 --json --rate 2\n"
    "  naevus watch --source frames/%04d.png --json";

struct Options {
  std::string source = "0";
  fs::path model, named, shipped, folder = ".";
  double rate = 0;
  bool json = false, list_options = false;
};

void add_options(CLI::App& app, Options& options) {
  app.add_option("MODEL", options.model, "The model, .onnx (default: the one that came with naevus)");
  app.add_option("--model", options.named, "The same");
  app.add_option("--source", options.source,
                 "A camera's number (default: 0) or device, the address of a stream (rtsp://…), a video, or numbered "
                 "pictures (frames/%04d.png)");
  CLI::Option* const json =
      app.add_flag("--json", options.json, "One JSON object a frame on standard output; no window");
  app.add_option("--rate", options.rate, "Frames a second that are looked at, at most (default: all)")
      ->check(CLI::PositiveNumber)
      ->needs(json);
  app.add_option("-o,--output", options.folder, "Folder for the frames that s saves (default: this one)")
      ->excludes(json);
  app.add_flag_function(
      "-v,--verbose", [](std::int64_t) { naevus::log::set_level(naevus::log::Level::info); },
      "Say more on standard error");
  app.add_option("--shipped-model", options.shipped, "From naevus: the model that came with it")->group("");
  app.add_flag("--list-options", options.list_options, "For naevus completion")->group("");
}

/// One line an option: names, type (empty for a switch) and description, parted by tabs.
void list_options(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options())
    if (option->nonpositional() && !option->get_group().empty())
      fmt::print("{}\t{}\t{}\n", option->get_name(false, true),
                 option->get_items_expected_max() > 0 ? option->get_type_name() : "", option->get_description());
}

fs::path model_of(const Options& options) {
  if (!options.model.empty() && options.model.extension() != ".onnx")
    throw naevus::UsageError("this is no model", options.model.string(),
                             "a model's name ends in .onnx; --source names what is watched");
  if (!options.model.empty() && !options.named.empty())
    throw naevus::UsageError("two models are named", options.named.string(), "name one");
  if (!options.model.empty()) return options.model;
  if (!options.named.empty()) return options.named;
  if (!options.shipped.empty() && fs::exists(options.shipped)) return options.shipped;
  throw naevus::IoError("no model is named, and none came with this naevus", options.shipped.string(),
                        "name one (runs/first/model.onnx); `naevus train` makes one");
}

void watch(const Options& options) {
  const fs::path model = model_of(options);
  if (!options.json) {
    if (!fs::is_directory(options.folder)) throw naevus::IoError("there is no such folder", options.folder.string());
    naevus::watch::need_display();
  }
  const naevus::StopToken stop = naevus::interrupt_token();
  naevus::watch::Source source(options.source);
  const naevus::infer::Classifier classifier(model, {.threads = 1});  // a frame is a batch of one, on one core
  if (options.json)
    naevus::watch::write_lines(source, classifier, options.rate, stop);
  else
    naevus::watch::show_window(source, classifier, options.folder, stop);
}

int report(const naevus::Error& error, int code) {
  fmt::print(stderr, "naevus watch: {}{}{}\n", error.where(), error.where().empty() ? "" : ": ", error.problem());
  if (!error.advice().empty()) fmt::print(stderr, "        {}\n", error.advice());
  return code;
}

int run(int argc, char** argv) {
  CLI::App app(about, "naevus watch");
  app.footer(examples);
  app.get_formatter()->column_width(34);
  app.set_version_flag("--version", fmt::format("naevus {}", NAEVUS_VERSION), "The version of naevus");
  Options options;
  add_options(app, options);
  try {
    app.parse(argc, argv);
    if (options.list_options)
      list_options(app);
    else
      watch(options);
    return 0;
  } catch (const CLI::Success& asked) {
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "naevus watch: {}\n        try: naevus watch --help\n", error.what());
    return 2;
  } catch (const naevus::UsageError& error) {
    return report(error, 2);
  } catch (const naevus::Cancelled&) {
    return 130;
  } catch (const naevus::Error& error) {
    return report(error, 1);
  } catch (const std::bad_alloc&) {
    return report(naevus::Error("not enough memory", "", "use a source with smaller frames"), 1);
  } catch (const std::exception& error) {
    return report(naevus::Error(fmt::format("an internal error: {}", error.what()), "",
                                "please report it with the command that you typed"),
                  1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (...) {  // not even a message could be made
    std::fputs("naevus watch: not enough memory\n", stderr);
    return 1;
  }
}
