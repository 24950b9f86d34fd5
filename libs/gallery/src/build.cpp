#include "naevus/gallery/build.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "look.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/image/shrink.hpp"

namespace naevus::gallery {
namespace {

using dataset::Entry;
using dataset::Manifest;
using dataset::Part;

/// What becomes of one row.
struct Row {
  const Entry* entry = nullptr;
  Case found;
  std::vector<std::byte> thumbnail;
  std::vector<float> embedding;
  std::string problem;
};

std::string licence_of(const Manifest& manifest, const Entry& entry, const BuildOptions& options) {
  for (std::size_t i = 0; i < manifest.other_columns.size(); ++i)
    if ((manifest.other_columns[i] == "licence" || manifest.other_columns[i] == "license") && !entry.other[i].empty())
      return entry.other[i];
  if (!options.licence.empty()) return options.licence;
  throw UsageError(
      fmt::format("the licence of '{}' is not known: a gallery shows other people's pictures", entry.image),
      fmt::format("{}:{}", manifest.path.string(), entry.line),
      "add a column `licence`, or say it of all: --licence \"CC BY-NC 4.0\"");
}

std::vector<Row> rows_of(const Manifest& manifest, const BuildOptions& options) {
  if (options.part != "train" && options.part != "all")
    throw UsageError(fmt::format("the gallery can't show the part '{}'", options.part), "--part",
                     "train, or all: every picture but the test part's, which nobody is to learn from");
  const bool parts = std::ranges::any_of(manifest.entries, [](const Entry& one) { return one.part != Part::none; });
  std::vector<Row> rows;
  for (const Entry& entry : manifest.entries) {
    if (entry.part == Part::test || (parts && options.part == "train" && entry.part != Part::train)) continue;
    Row row{.entry = &entry};
    if (entry.label.empty()) row.problem = "has no label";
    row.found.label = entry.label;
    row.found.source = entry.source.empty() ? options.source : entry.source;
    row.found.licence = licence_of(manifest, entry, options);
    rows.push_back(std::move(row));
  }
  return rows;
}

void draw(const Manifest& manifest, std::vector<Row>& rows, const BuildOptions& options, const StopToken& stop) {
  WorkerPool pool(options.threads);
  Progress progress("thumbnails", rows.size());
  constexpr int quality = 80;
  pool.for_each(rows.size(), [&](std::size_t i) {
    stop.check();
    Row& row = rows[i];
    try {
      if (row.problem.empty()) {
        const auto file = read_file(manifest.image_path(*row.entry));
        row.found.picture = store::PictureFolder::hash_of(file);
        row.thumbnail = image::encode_jpeg(image::shrunk(image::decode(file), options.thumbnail_side), quality);
      }
    } catch (const InputError& error) {
      row.problem = error.problem();
    } catch (const IoError& error) {
      row.problem = error.problem();
    }
    progress.advance();
  });
  progress.finish();
}

void embed(const infer::Classifier& classifier, const Manifest& manifest, std::vector<Row>& rows,
           const StopToken& stop) {
  std::vector<std::size_t> good;
  std::vector<std::filesystem::path> files;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].problem.empty()) continue;
    good.push_back(i);
    files.push_back(manifest.image_path(*rows[i].entry));
  }
  const auto take = [&](std::size_t i, const infer::Outcome& outcome) {
    if (const Error* error = std::get_if<Error>(&outcome))
      rows[good[i]].problem = error->problem();
    else
      rows[good[i]].embedding = std::get<infer::Answer>(outcome).embedding;
  };
  look(classifier, files, take, stop);
}

}  // namespace

Built build(const infer::Classifier& classifier, const Manifest& manifest, const store::PictureFolder& kept,
            const BuildOptions& options, const StopToken& stop) {
  std::vector<Row> rows = rows_of(manifest, options);
  draw(manifest, rows, options, stop);
  std::set<std::string> seen;
  std::size_t same = 0;
  std::erase_if(rows, [&](const Row& row) {
    const bool again = row.problem.empty() && !seen.insert(row.found.picture).second;
    same += again ? 1 : 0;
    return again;
  });
  embed(classifier, manifest, rows, stop);
  Built built{.same_files = same};
  Contents& contents = built.contents;
  contents.model = classifier.card().name;
  for (Row& row : rows) {
    if (!row.problem.empty()) {
      built.skipped.push_back(
          {row.entry->image, row.problem, fmt::format("{}:{}", manifest.path.filename().string(), row.entry->line)});
      continue;
    }
    contents.width = row.embedding.size();
    contents.embedding.insert(contents.embedding.end(), row.embedding.begin(), row.embedding.end());
    contents.thumbnails.push_back(std::move(row.thumbnail));
    row.found.kept = kept.has(row.found.picture);
    contents.cases.push_back(std::move(row.found));
  }
  if (contents.cases.empty())
    throw InputError(built.skipped.empty() ? std::string("no picture is in that part")
                                           : fmt::format("no picture can be shown; the first, '{}': {}",
                                                         built.skipped.front().image, built.skipped.front().reason),
                     manifest.path.string());
  normalise(contents.embedding, contents.width);
  return built;
}

}  // namespace naevus::gallery
