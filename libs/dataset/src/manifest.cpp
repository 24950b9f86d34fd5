#include "naevus/dataset/manifest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "naevus/base/csv.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/progress.hpp"

namespace naevus::dataset {
namespace {

namespace fs = std::filesystem;

struct Column {
  const char* name;
  std::string Entry::* field;
};

// The known columns that hold text, in the order they are written; `split` stands behind `label`.
constexpr std::array columns{Column{"image", &Entry::image},
                             Column{"label", &Entry::label},
                             Column{"lesion_id", &Entry::lesion_id},
                             Column{"patient_id", &Entry::patient_id},
                             Column{"age", &Entry::age},
                             Column{"sex", &Entry::sex},
                             Column{"site", &Entry::site},
                             Column{"source", &Entry::source}};

bool is_known(const std::string& name) {
  return name == "split" ||
         std::any_of(columns.begin(), columns.end(), [&](const Column& c) { return name == c.name; });
}

std::string place(const fs::path& path, std::size_t line) {
  return fmt::format("{}:{}", path.string(), line);
}

/// The path as it stands in a manifest in `folder` (absolute and normal).
std::string written_path(const fs::path& image, const fs::path& folder) {
  const fs::path absolute = fs::absolute(image).lexically_normal();
  const fs::path relative = absolute.lexically_relative(folder);
  if (relative.empty()) return absolute.string();
  auto step = relative.begin();
  // One step up at most: the set may lie beside the manifest, but a longer way breaks when either is moved.
  if (*step == "..") ++step;
  return step != relative.end() && *step == ".." ? absolute.string() : relative.string();
}

}  // namespace

std::string to_string(Part part) {
  switch (part) {
    case Part::train:
      return "train";
    case Part::validation:
      return "validation";
    case Part::test:
      return "test";
    case Part::none:
      break;
  }
  return "";
}

Part part_from(const std::string& text) {
  if (text.empty()) return Part::none;
  if (text == "train") return Part::train;
  if (text == "validation" || text == "val" || text == "valid") return Part::validation;
  if (text == "test") return Part::test;
  throw InputError(fmt::format("'{}' is not a part", text), "", "the parts are train, validation and test");
}

fs::path Manifest::image_path(const Entry& entry) const {
  return (path.parent_path() / fs::path(entry.image)).lexically_normal();
}

std::vector<std::string> Manifest::classes() const {
  std::set<std::string> labels;
  for (const Entry& entry : entries)
    if (!entry.label.empty()) labels.insert(entry.label);
  return {labels.begin(), labels.end()};
}

std::vector<std::size_t> Manifest::in(Part part) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (entries[i].part == part) found.push_back(i);
  return found;
}

Manifest read_manifest(const fs::path& path) {
  CsvTable table = read_csv(path);
  if (!table.column("image")) {
    throw InputError(
        "has no column 'image'", path.string(),
        "is it a manifest? `naevus import` makes one, with --image-column and --label-column from any CSV");
  }
  Manifest manifest{.path = path};
  for (const std::string& name : table.header)
    if (!is_known(name)) manifest.other_columns.push_back(name);

  const auto split = table.column("split");
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    std::vector<std::string>& row = table.rows[r];
    Entry entry{.line = table.line[r]};
    for (const Column& column : columns)
      if (const auto at = table.column(column.name)) entry.*column.field = row[*at];
    if (entry.image.empty()) throw InputError("names no image", place(path, entry.line));
    try {
      if (split) entry.part = part_from(row[*split]);
    } catch (InputError& error) {
      error.set_where(place(path, entry.line));
      throw;
    }
    for (std::size_t c = 0; c < row.size(); ++c)
      if (!is_known(table.header[c])) entry.other.push_back(std::move(row[c]));
    manifest.entries.push_back(std::move(entry));
  }
  return manifest;
}

void write_manifest(const Manifest& manifest, const fs::path& path) {
  const fs::path folder = fs::absolute(path).lexically_normal().parent_path();
  const auto used = [&](const Column& column) {
    return column.field == &Entry::image || column.field == &Entry::label ||
           std::any_of(manifest.entries.begin(), manifest.entries.end(),
                       [&](const Entry& entry) { return !(entry.*column.field).empty(); });
  };
  std::vector<Column> written;
  std::copy_if(columns.begin(), columns.end(), std::back_inserter(written), used);
  const bool split = std::any_of(manifest.entries.begin(), manifest.entries.end(),
                                 [](const Entry& entry) { return entry.part != Part::none; });
  CsvTable table;
  for (const Column& column : written) table.header.emplace_back(column.name);
  if (split) table.header.insert(table.header.begin() + 2, "split");
  table.header.insert(table.header.end(), manifest.other_columns.begin(), manifest.other_columns.end());

  for (const Entry& entry : manifest.entries) {
    std::vector<std::string> row;
    for (const Column& column : written) row.push_back(entry.*column.field);
    row[0] = written_path(manifest.image_path(entry), folder);
    if (split) row.insert(row.begin() + 2, to_string(entry.part));
    row.insert(row.end(), entry.other.begin(), entry.other.end());
    row.resize(table.header.size());
    table.rows.push_back(std::move(row));
  }
  write_file(path, to_csv(table));
}

std::string class_summary(const Manifest& manifest) {
  std::map<std::string, std::size_t> counts;
  for (const Entry& entry : manifest.entries) ++counts[entry.label];
  std::vector<std::pair<std::string, std::size_t>> ordered(counts.begin(), counts.end());
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [label, count] : ordered) {
    if (!text.empty()) text += " · ";
    text += fmt::format("{} {}", label.empty() ? "(no label)" : label, grouped(count));
  }
  return text;
}

}  // namespace naevus::dataset
