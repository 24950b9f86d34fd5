#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "augmentation_argument.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/log.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/dataset/image_cache.hpp"
#include "naevus/dataset/manifest.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/image/mix.hpp"
#include "output_argument.hpp"
#include "pictures_argument.hpp"

namespace naevus::app {
namespace fs = std::filesystem;
namespace {

struct Options {
  std::vector<std::string> arguments;
  AugmentationArgument settings;
  fs::path sheet;
  std::size_t columns = 8, rows = 8;
  int threads = 0;
};

/// Those that training would learn from: a manifest's training part, or all of it where it is not split.
std::vector<fs::path> manifest_pictures(const fs::path& path) {
  const dataset::Manifest manifest = dataset::read_manifest(path);
  const bool split = !manifest.in(dataset::Part::train).empty();
  std::vector<fs::path> files;
  files.reserve(manifest.entries.size());
  for (const auto& entry : manifest.entries)
    if (!split || entry.part == dataset::Part::train) files.push_back(manifest.image_path(entry));
  if (files.empty()) throw InputError("it names no pictures", path.string());
  return files;
}

bool is_manifest(const std::vector<std::string>& arguments) {
  return arguments.size() == 1 && fs::path(arguments.front()).extension() == ".csv";
}

/// At most `count`, evenly chosen: a manifest is often sorted by class.
std::vector<fs::path> chosen(const std::vector<fs::path>& files, std::size_t count) {
  const std::size_t rows = std::min(count, files.size());
  std::vector<fs::path> some;
  some.reserve(rows);
  for (std::size_t i = 0; i < rows; ++i) some.push_back(files[i * files.size() / rows]);
  return some;
}

/// Equal pictures side by side, a white line between them.
class Sheet {
 public:
  Sheet(std::size_t columns, std::size_t rows, const image::Preparation& cell)
      : columns_(columns), cell_(cell), whole_(sides(columns, cell.width), sides(rows, cell.height)) {
    std::ranges::fill(whole_.pixels, std::uint8_t{255});
  }

  void put(std::size_t row, std::size_t column, const image::Image& picture) {
    const int left = gap + static_cast<int>(column) * (cell_.width + gap);
    const int top = gap + static_cast<int>(row) * (cell_.height + gap);
    for (int y = 0; y < picture.height; ++y)
      std::copy_n(picture.at(0, y), 3 * static_cast<std::size_t>(picture.width), whole_.at(left, top + y));
  }

  std::size_t columns() const { return columns_; }
  const image::Image& picture() const { return whole_; }

 private:
  static constexpr int gap = 4;
  static int sides(std::size_t count, int side) { return gap + static_cast<int>(count) * (side + gap); }

  std::size_t columns_;
  image::Preparation cell_;
  image::Image whole_;
};

/// One column: the pictures as a batch of one epoch, mixed with each other where the settings say so.
void fill_column(Sheet& sheet, std::size_t column, const dataset::ImageCache& pictures,
                 const AugmentationArgument::Settings& settings) {
  const auto& [preparation, augmentation, seed] = settings;
  const std::uint64_t epoch = column - 1;
  std::vector<std::uint8_t> batch;
  for (std::size_t row = 0; row < pictures.size(); ++row) {
    const auto varied = image::augment(*pictures.get(row), image::after_cleaning(preparation), augmentation,
                                       image::augmentation_stream(seed, epoch, row));
    batch.insert(batch.end(), varied.pixels.begin(), varied.pixels.end());
  }
  const auto mix = image::draw_mix(augmentation, pictures.size(), preparation.width, preparation.height,
                                   image::mix_stream(seed, epoch, 0));
  image::apply_mix(mix, batch, preparation.width, preparation.height);
  image::Image cell(preparation.width, preparation.height);
  for (std::size_t row = 0; row < pictures.size(); ++row) {
    const auto begin = batch.begin() + static_cast<std::ptrdiff_t>(row * cell.pixels.size());
    std::copy_n(begin, cell.pixels.size(), cell.pixels.begin());
    sheet.put(row, column, cell);
  }
}

void check(const Options& options, const image::Preparation& cell) {
  if (options.arguments.empty())
    throw UsageError("no picture is named", "", "name pictures, a folder of them, or a manifest (.csv)");
  if (options.sheet.extension() != ".png")
    throw UsageError("the sheet is a PNG", options.sheet.string(), "let its name end in .png");
  if (options.columns < 2 || options.rows < 1)
    throw UsageError("a sheet has 2 columns and 1 row at least: the picture and one variant", "--columns, --rows");
  constexpr std::size_t most = 100'000'000;
  const auto pixels = static_cast<std::size_t>(cell.width) * static_cast<std::size_t>(cell.height);
  if (options.columns > most / pixels / options.rows)
    throw UsageError(fmt::format("a sheet has at most {} pixels", grouped(most)), "--columns, --rows",
                     "ask for fewer columns or rows, or a smaller --size");
}

/// A cache of those that can be read; the others are named.
std::vector<fs::path> readable(std::vector<fs::path> files, const dataset::CacheOptions& options, WorkerPool& pool) {
  const dataset::ImageCache cache(files, options, pool);
  for (auto broken = cache.broken().rbegin(); broken != cache.broken().rend(); ++broken) {
    log::warning(broken->problem);
    files.erase(files.begin() + static_cast<std::ptrdiff_t>(broken->index));
  }
  if (files.empty()) throw InputError("none of the pictures can be read");
  return files;
}

void run(const Options& options) {
  const auto settings = options.settings.read();
  check(options, settings.preparation);
  const bool manifest = is_manifest(options.arguments);
  const auto all = manifest ? manifest_pictures(options.arguments.front()) : picture_files(options.arguments);
  std::vector<fs::path> inputs = all;
  inputs.push_back(options.settings.config);
  if (manifest) inputs.emplace_back(options.arguments.front());
  keep_inputs(options.sheet, inputs);

  WorkerPool pool(options.threads);
  const dataset::CacheOptions cached{.keep = dataset::CacheOptions::Keep::for_augmentation,
                                     .preparation = settings.preparation};
  const auto wanted = chosen(all, options.rows);
  const auto files = readable(wanted, cached, pool);
  const dataset::ImageCache pictures(files, cached, pool);
  const dataset::ImageCache prepared(
      files, {.keep = dataset::CacheOptions::Keep::prepared, .preparation = settings.preparation}, pool);
  Sheet sheet(options.columns, files.size(), settings.preparation);
  for (std::size_t row = 0; row < files.size(); ++row) sheet.put(row, 0, *prepared.get(row));
  pool.for_each(sheet.columns() - 1, [&](std::size_t i) { fill_column(sheet, i + 1, pictures, settings); });
  write_file(options.sheet, image::encode_png(sheet.picture()));
  fmt::print("{}: {} pictures, one a row: as prepared, then {} variants\n", options.sheet.string(), files.size(),
             sheet.columns() - 1);
  if (files.size() < wanted.size()) throw Exit{ExitCode::failed};
}

}  // namespace

void add_augment(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub = root.add_subcommand("augment", "Show on one sheet what a network sees while it is trained");
  sub->add_option("PICTURES", options->arguments,
                  "Pictures, folders of them, patterns, or a manifest (.csv), of which the training part is shown");
  sub->add_option("-o,--output,--sheet", options->sheet, "The sheet to write, a PNG")->required();
  sub->add_option("--columns", options->columns, "Pictures in a row: first as prepared, then one for each epoch")
      ->capture_default_str();
  sub->add_option("--rows", options->rows, "Pictures to show, evenly chosen from all")->capture_default_str();
  sub->add_option("--threads", options->threads, "Threads (default: all cores)")->check(CLI::NonNegativeNumber);
  add_augmentation(*sub, options->settings);
  sub->footer(
      "Variants are made by the code and from the random numbers of a training with this seed: column by column its\n"
      "epochs, as if the rows were the first batch. Pictures that can't be read are named and left out; the exit code\n"
      "is then 1.\n"
      "Examples:\n"
      "  naevus augment split.csv --sheet sheet.png --config recipes/ham7.toml\n"
      "  naevus augment mole.jpg --sheet sheet.png --columns 12 --augmentation-hair 1 --augmentation-elastic 0.04\n"
      "  naevus augment pictures/ --sheet sheet.png --augmentation-randaugment 2 --augmentation-cutmix 1 --seed 7");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
