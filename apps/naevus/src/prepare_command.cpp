#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "commands.hpp"
#include "exit_code.hpp"
#include "model_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/log.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/dataset/manifest.hpp"
#include "naevus/image/colour_constancy.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/image/prepare.hpp"
#include "naevus/infer/classifier.hpp"
#include "naevus/model/model_file.hpp"
#include "pictures_argument.hpp"
#include "preparation_argument.hpp"
#include "sheet.hpp"
#include "size_argument.hpp"
#include "target_names.hpp"

namespace naevus::app {
namespace fs = std::filesystem;
namespace {

struct Options {
  std::vector<std::string> arguments;
  fs::path model, out, sheet;
  std::string size, format = "png";
  StepValues steps;
  int threads = 0;
  bool json = false;
};

/// What is done to a picture; without `sized` it keeps the size that the crop leaves it.
struct Way {
  image::Preparation preparation;
  bool sized = true;

  image::Image operator()(const image::Image& picture) const {
    return image::with_colour_constancy(
        sized ? image::prepare(picture, preparation) : image::clean(picture, preparation),
        preparation.colour_constancy);
  }
};

Way way_of(Options& options) {
  const auto is_model = [](const std::string& argument) { return fs::path(argument).extension() == ".onnx"; };
  if (!options.model.empty() || std::any_of(options.arguments.begin(), options.arguments.end(), is_model)) {
    options.model = take_model(options.arguments, options.model);
    if (!options.steps.empty() || !options.size.empty())
      throw UsageError("the model's card says how pictures are prepared", options.model.string(),
                       "leave out --size and the steps, or the model");
    try {
      return {.preparation = infer::preparation_of(model::read_card(options.model))};
    } catch (InputError& error) {
      error.set_where(options.model.string());
      throw;
    }
  }
  Way way{.sized = !options.size.empty()};
  if (way.sized) {
    const Size size = read_size(options.size);
    if (std::min(size.width, size.height) < 1 || std::max(size.width, size.height) > 4096)
      throw UsageError(fmt::format("{} is out of range", options.size), "--size", "a side has 1 to 4096 pixels");
    way.preparation.width = size.width;
    way.preparation.height = size.height;
  }
  set_steps(way.preparation, options.steps);
  return way;
}

/// The data set that is prepared, and where each of its pictures goes.
struct Work {
  dataset::Manifest manifest;    ///< as it was read; of named pictures: their absolute paths
  std::vector<fs::path> files;   ///< by entry
  std::vector<fs::path> names;   ///< by entry, relative to the folder of results
  std::vector<fs::path> inputs;  ///< all that is read
};

Work work_of(const Options& options) {
  if (options.arguments.empty())
    throw UsageError("nothing is named", "", "name pictures, a folder of them, or a manifest (.csv)");
  Work work;
  fs::path root;
  if (options.arguments.size() == 1 && fs::path(options.arguments[0]).extension() == ".csv") {
    work.manifest = dataset::read_manifest(options.arguments[0]);
    root = work.manifest.path.parent_path() / ".";
    work.inputs.push_back(work.manifest.path);
  } else {
    for (const fs::path& file : picture_files(options.arguments))
      work.manifest.entries.push_back({.image = fs::absolute(file).string()});
    if (options.arguments.size() == 1 && fs::is_directory(options.arguments[0])) root = options.arguments[0];
  }
  for (const auto& entry : work.manifest.entries) work.files.push_back(work.manifest.image_path(entry));
  work.names = target_names(work.files, root, "." + options.format);
  work.inputs.insert(work.inputs.end(), work.files.begin(), work.files.end());
  if (!options.model.empty()) work.inputs.push_back(options.model);
  return work;
}

/// @throws UsageError if a result would replace what is read, or another result
void check_outputs(const Work& work, const Options& options) {
  std::error_code missing;
  const auto place = [&](const fs::path& path) { return fs::weakly_canonical(path, missing); };
  std::set<fs::path> taken;
  for (const fs::path& input : work.inputs) taken.insert(place(input));
  const auto check = [&](const fs::path& out) {
    if (taken.contains(place(out)))
      throw UsageError("would be written over, and is read here", out.string(), "name another place for the output");
  };
  for (const fs::path& name : work.names) check(options.out / name);
  check(options.out / "manifest.csv");
  if (options.sheet.empty()) return;
  for (const fs::path& name : work.names) taken.insert(place(options.out / name));
  check(options.sheet);
}

std::vector<std::byte> encoded(const image::Image& picture, const Options& options) {
  return options.format == "png" ? image::encode_png(picture) : image::encode_jpeg(picture);
}

/// Prepares all pictures. @returns by entry, whether it was done
std::vector<char> write_pictures(const Work& work, const Way& way, const Options& options) {
  std::map<fs::path, std::size_t> first;  // a picture that is listed twice is prepared once
  std::vector<std::size_t> jobs;
  for (std::size_t i = 0; i < work.names.size(); ++i)
    if (first.emplace(work.names[i], i).second) jobs.push_back(i);

  std::vector<std::optional<std::string>> problems(work.names.size());
  {
    Progress progress("preparing", jobs.size());
    WorkerPool pool(options.threads);
    pool.for_each(jobs.size(), [&](std::size_t job) {
      interrupt_token().check();
      const std::size_t i = jobs[job];
      std::optional<image::Image> picture;
      try {
        picture = way(image::load(work.files[i]));
      } catch (const Error& error) {
        problems[i] = error.what();
      }
      // What can't be written ends the work: the disk is full for all of them.
      if (picture) write_file(options.out / work.names[i], encoded(*picture, options));
      progress.advance();
    });
  }
  std::vector<char> done;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const std::size_t job = first.at(work.names[i]);
    if (const auto& problem = problems[i]; job == i && problem) log::warning(*problem);
    done.push_back(problems[job] ? 0 : 1);
  }
  return done;
}

void write_new_manifest(const Work& work, const std::vector<char>& done, const fs::path& path) {
  dataset::Manifest manifest{.path = path, .other_columns = work.manifest.other_columns};
  for (std::size_t i = 0; i < done.size(); ++i) {
    if (done[i] == 0) continue;
    manifest.entries.push_back(work.manifest.entries[i]);
    manifest.entries.back().image = work.names[i].string();
  }
  dataset::write_manifest(manifest, path);
}

/// At most 24 pictures, evenly chosen, each before and after.
void write_sheet(const Work& work, const std::vector<char>& done, const Way& way, const fs::path& path) {
  constexpr std::size_t most = 24, pairs = 4;
  constexpr int side = 224;
  std::vector<fs::path> files;
  for (std::size_t i = 0; i < done.size(); ++i)
    if (done[i] != 0) files.push_back(work.files[i]);
  const std::size_t shown = std::min(most, files.size()), columns = std::min(pairs, shown);
  Sheet sheet(2 * columns, (shown + columns - 1) / columns, side, side);
  for (std::size_t i = 0; i < shown; ++i) {
    const image::Image picture = image::load(files[i * files.size() / shown]);
    sheet.put(i / columns, 2 * (i % columns), picture);
    sheet.put(i / columns, 2 * (i % columns) + 1, way(picture));
  }
  write_file(path, image::encode_png(sheet.picture()));
}

/// The steps in words: "224x224 denoise=median colour_constancy=max_rgb".
std::string words(const Way& way) {
  std::string text = image::to_string(way.preparation);
  if (!way.sized) text = "size kept" + text.substr(std::min(text.find(' '), text.size()));
  if (way.preparation.colour_constancy != image::ColourConstancy::none)
    text += " colour_constancy=" + image::step_value(way.preparation, "colour_constancy");
  return text;
}

void run(Options options) {
  const Way way = way_of(options);
  const Work work = work_of(options);
  if (!options.sheet.empty() && options.sheet.extension() != ".png")
    throw UsageError("the sheet is a PNG", options.sheet.string(), "let its name end in .png");
  check_outputs(work, options);

  const auto done = write_pictures(work, way, options);
  const auto count = static_cast<std::size_t>(std::count(done.begin(), done.end(), 1));
  const std::size_t failed = done.size() - count;
  const fs::path manifest = options.out / "manifest.csv";
  if (count == 0) throw InputError("no picture could be prepared", "", "each is named above with its reason");
  write_new_manifest(work, done, manifest);
  if (!options.sheet.empty()) write_sheet(work, done, way, options.sheet);
  if (options.json) {
    const nlohmann::ordered_json answer{
        {"manifest", manifest.string()}, {"images", count}, {"failed", failed}, {"preparation", words(way)}};
    fmt::print("{}\n", answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    fmt::print("{}: {} {} ({})\n", manifest.string(), grouped(count), count == 1 ? "picture" : "pictures", words(way));
  }
  if (failed == 0) return;
  fmt::print(stderr, "{} of {} pictures failed\n", grouped(failed), grouped(done.size()));
  throw Exit{ExitCode::failed};
}

}  // namespace

void add_prepare(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub = root.add_subcommand("prepare", "Write pictures as a network sees them, and a sheet to look at");
  sub->add_option("PICTURES", options->arguments,
                  "Pictures, folders of them, patterns, or a manifest (.csv); before them a model (.onnx)");
  sub->add_option("-o,--output", options->out, "Folder for the pictures and their manifest.csv")->required();
  sub->add_option("--model", options->model, "Prepare as this model's card says");
  sub->add_option("--size", options->size, "WIDTHxHEIGHT, or one number for a square [as the crop leaves it]");
  add_steps(*sub, options->steps);
  sub->add_option("--format", options->format, "png, or jpg (smaller, not exactly the same)")
      ->capture_default_str()
      ->check(CLI::IsMember({"png", "jpg"}));
  sub->add_option("--sheet", options->sheet, "Also write some pictures before and after, side by side, to this PNG");
  sub->add_option("--threads", options->threads, "Threads (default: all cores)")->check(CLI::NonNegativeNumber);
  sub->add_flag("--json", options->json, "Print the result as JSON");
  sub->footer(
      "Pictures keep their names and folders; the new manifest keeps the old one's columns. Training, evaluate and\n"
      "predict do the same by themselves, as the config or the model's card says: this command is for looking at it,\n"
      "and for other programs. A picture that can't be read is named and left out, and the exit code is 1.\n"
      "Examples:\n"
      "  naevus prepare split.csv -o prepared --vignette crop --size 224 --sheet sheet.png\n"
      "  naevus prepare pictures/ -o calm --denoise median --contrast clahe --format jpg\n"
      "  naevus prepare runs/first/model.onnx mole.jpg -o seen");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
