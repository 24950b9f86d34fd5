#include "naevus/dataset/import.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "import_parts.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/image/decode.hpp"

namespace naevus::dataset {
namespace {

namespace fs = std::filesystem;

constexpr const char* other_table_advice =
    "for a CSV of another make, name its columns: --image-column, --label-column";

bool is_table(const fs::path& file) {
  const std::string name = lower(file.filename().string());
  // HAM10000's own table comes without an extension from its publisher.
  return (name.ends_with(".csv") && name != "sample_submission.csv") || name == "ham10000_metadata";
}

/// The part that a table's name speaks of: "ISIC_2019_Training_GroundTruth.csv".
Part part_in_name(const fs::path& file) {
  const std::string name = lower(file.stem().string());
  if (name.find("valid") != std::string::npos) return Part::validation;
  if (name.find("train") != std::string::npos) return Part::train;
  return name.find("test") != std::string::npos ? Part::test : Part::none;
}

struct Tables {
  std::vector<Table> labels, sidecars, unknown;
  std::vector<std::string> notes;
};

Tables read_tables(const std::vector<fs::path>& files) {
  Tables tables;
  for (const fs::path& file : files) {
    try {
      Table table{.path = file, .csv = read_csv(file)};
      table.kind = kind_of(table.csv);
      auto& list = table.kind == Table::Kind::unknown   ? tables.unknown
                   : table.kind == Table::Kind::sidecar ? tables.sidecars
                                                        : tables.labels;
      list.push_back(std::move(table));
    } catch (const Error& error) {
      tables.notes.push_back(fmt::format("passed over: {}", error.what()));
    }
  }
  return tables;
}

void require_one_set(const fs::path& root, std::vector<Table>& tables) {
  // A manifest at the top describes the whole folder.
  const auto top = std::find_if(tables.begin(), tables.end(), [&](const Table& table) {
    return table.kind == Table::Kind::manifest && table.path.parent_path() == root;
  });
  if (top != tables.end()) {
    Table manifest = std::move(*top);
    tables.clear();
    tables.push_back(std::move(manifest));
    return;
  }
  std::vector<std::string> named;
  bool mixed = false;
  for (const Table& table : tables) {
    mixed |= table.kind != tables[0].kind;
    named.push_back(fmt::format("{} ({})", table.path.string(), name_of(table.kind)));
  }
  if (mixed)
    throw InputError("holds several data sets", root.string(),
                     fmt::format("import each by itself: {}", fmt::join(named, ", ")));
}

Found from_tables(const Tables& tables, const ImportOptions& options) {
  Found found{.format = name_of(tables.labels[0].kind), .notes = tables.notes};
  std::set<Part> named_parts;
  for (const Table& table : tables.labels) named_parts.insert(part_in_name(table.path));
  for (const Table& table : tables.labels) {
    std::vector<Candidate> rows = rows_of(table, options.image_column, options.label_column);
    if (named_parts.size() > 1)
      for (Candidate& row : rows)
        if (row.entry.part == Part::none) row.entry.part = part_in_name(table.path);
    std::move(rows.begin(), rows.end(), std::back_inserter(found.candidates));
  }
  for (const Table& sidecar : tables.sidecars) join_sidecar(sidecar, found.candidates);
  for (const Table& table : tables.unknown)
    found.notes.push_back(fmt::format("passed over: {}: its columns are not known here", table.path.string()));
  return found;
}

Found from_other_table(const fs::path& source, const std::vector<fs::path>& files, const ImportOptions& options) {
  const std::string image = options.image_column.empty() ? "image" : options.image_column;
  const std::string label = options.label_column.empty() ? "label" : options.label_column;
  Tables tables;
  std::vector<std::string> headers;
  for (const fs::path& file : files) {
    Table table{.path = file, .csv = read_csv(file), .kind = Table::Kind::other};
    if (table.csv.column(image) && table.csv.column(label))
      tables.labels.push_back(std::move(table));
    else
      headers.push_back(fmt::format("{} has {}", file.filename().string(), fmt::join(table.csv.header, ", ")));
  }
  if (tables.labels.empty())
    throw InputError(fmt::format("no table has the columns '{}' and '{}'", image, label), source.string(),
                     fmt::format("{}", fmt::join(headers, "; ")));
  ImportOptions named = options;
  named.image_column = image;
  named.label_column = label;
  return from_tables(tables, named);
}

Found find(const fs::path& source, const ImportOptions& options) {
  const bool folder = fs::is_directory(source);
  std::vector<fs::path> files = folder ? files_below(source) : std::vector<fs::path>{source};
  std::error_code ignored;
  if (folder && !options.except.empty())
    std::erase_if(files, [&](const fs::path& file) { return fs::equivalent(file, options.except, ignored); });
  std::vector<fs::path> csv_files;
  if (folder)
    std::copy_if(files.begin(), files.end(), std::back_inserter(csv_files), is_table);
  else
    csv_files = files;
  if (!options.image_column.empty() || !options.label_column.empty())
    return from_other_table(source, csv_files, options);
  if (!folder) {
    Table table{.path = source, .csv = read_csv(source)};
    table.kind = kind_of(table.csv);
    if (table.kind == Table::Kind::unknown || table.kind == Table::Kind::sidecar)
      throw InputError(fmt::format("no known table: its columns are {}", fmt::join(table.csv.header, ", ")),
                       source.string(), other_table_advice);
    Tables tables;
    // What lies beside a table of labels belongs to it.
    if (table.kind != Table::Kind::manifest)
      for (const auto& beside : fs::directory_iterator(fs::absolute(source).parent_path()))
        if (std::error_code unknown; beside.is_regular_file(unknown) && is_table(beside.path()))
          csv_files.push_back(beside.path());
    csv_files.erase(csv_files.begin());
    std::sort(csv_files.begin(), csv_files.end());
    tables.sidecars = read_tables(csv_files).sidecars;
    tables.labels.push_back(std::move(table));
    return from_tables(tables, options);
  }
  const auto ph2 = std::find_if(files.begin(), files.end(), [](const fs::path& file) {
    return lower(file.filename().string()) == "ph2_dataset.txt";
  });
  if (ph2 != files.end()) return import_ph2(*ph2);
  Tables tables = read_tables(csv_files);
  require_one_set(source, tables.labels);
  if (!tables.labels.empty()) return from_tables(tables, options);

  Found found = import_folders(source);
  found.notes.insert(found.notes.end(), tables.notes.begin(), tables.notes.end());
  std::set<std::string> classes;
  for (const Candidate& candidate : found.candidates) classes.insert(candidate.entry.label);
  if (classes.empty() || (classes.size() == 1 && !csv_files.empty()))
    throw InputError(
        csv_files.empty() ? "no labels found: no table, and no folder per class with pictures"
                          : "no labels found: no table that is known here, and no folders of several classes",
        source.string(), found.notes.empty() ? other_table_advice : fmt::format("{}", fmt::join(found.notes, "; ")));
  return found;
}

void fill_up(Candidate& first, const Candidate& second) {
  for (const auto field : {&Entry::lesion_id, &Entry::patient_id, &Entry::age, &Entry::sex, &Entry::site})
    if ((first.entry.*field).empty()) first.entry.*field = second.entry.*field;
  for (const auto& [name, value] : second.other) {
    const auto same = std::find_if(first.other.begin(), first.other.end(),
                                   [&n = name](const auto& column) { return column.first == n; });
    if (same == first.other.end()) first.other.emplace_back(name, value);
  }
}

/// Joins rows for the same picture. Unequal labels spoil both; of equal ones the first counts, and what another table
/// (a second version of it) knows besides is added.
void join_duplicates(std::vector<Candidate>& candidates) {
  std::unordered_map<std::string, std::size_t> first_of;
  std::vector<bool> joined(candidates.size(), false);
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    Candidate& candidate = candidates[i];
    if (!candidate.problem.empty()) continue;
    const auto [found, is_new] = first_of.try_emplace(candidate.entry.image, i);
    if (is_new) continue;
    Candidate& first = candidates[found->second];
    const std::string a = short_label(first.entry.label), b = short_label(candidate.entry.label);
    if (a != b) {
      first.problem = candidate.problem =
          fmt::format("two labels: {} ({}) and {} ({})", a, first.where, b, candidate.where);
    } else if (first.table == candidate.table) {
      candidate.problem = fmt::format("the image stands twice: already at {}", first.where);
    } else {
      fill_up(first, candidate);
      joined[i] = true;
    }
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i)
    if (!joined[i] && kept++ != i) candidates[kept - 1] = std::move(candidates[i]);
  candidates.resize(kept);
}

void check_pictures(std::vector<Candidate>& candidates, WorkerPool& pool) {
  Progress progress("headers", candidates.size());
  const StopToken stop = interrupt_token();
  pool.for_each(candidates.size(), [&](std::size_t i) {
    stop.check();
    Candidate& candidate = candidates[i];
    if (candidate.problem.empty()) {
      try {
        image::read_header(read_file(candidate.entry.image, image::DecodeLimits{}.max_bytes));
      } catch (const Cancelled&) {
        throw;
      } catch (const Error& error) {
        candidate.problem =
            error.advice().empty() ? error.problem() : fmt::format("{} ({})", error.problem(), error.advice());
      }
    }
    progress.advance();
  });
}

/// Pictures that no row names, be the row usable or not.
void add_unnamed_pictures(const fs::path& root, PictureIndex& index, Found& found) {
  std::unordered_set<std::string> named;
  for (const Candidate& candidate : found.candidates) {
    const fs::path name(candidate.name);
    named.insert(lower((image::has_picture_extension(name) ? name.stem() : name.filename()).string()));
  }
  std::error_code ignored;
  for (const fs::path& picture : index.pictures())
    if (!named.contains(lower(picture.stem().string())))
      found.unusable.push_back(
          {picture.filename().string(), fs::relative(picture, root, ignored).string(), "no table has a row for it"});
}

Manifest assemble(std::vector<Candidate>& candidates, const std::string& source, std::vector<Unusable>& unusable) {
  Manifest manifest;
  std::unordered_map<std::string, std::size_t> column_of;
  for (const Candidate& candidate : candidates)
    for (const auto& [name, value] : candidate.other)
      if (column_of.try_emplace(name, manifest.other_columns.size()).second) manifest.other_columns.push_back(name);
  for (Candidate& candidate : candidates) {
    if (!candidate.problem.empty()) {
      unusable.push_back({candidate.name, candidate.where, candidate.problem});
      continue;
    }
    Entry entry = std::move(candidate.entry);
    entry.image = fs::absolute(entry.image).lexically_normal().string();
    entry.label = short_label(entry.label);
    if (entry.source.empty()) entry.source = source;
    entry.other.resize(manifest.other_columns.size());
    for (auto& [name, value] : candidate.other) entry.other[column_of.at(name)] = std::move(value);
    manifest.entries.push_back(std::move(entry));
  }
  return manifest;
}

/// The name of the folder that the source is or lies in.
std::string source_name(const fs::path& source) {
  const fs::path whole = fs::canonical(source);
  return (fs::is_directory(whole) ? whole : whole.parent_path()).filename().string();
}

}  // namespace

ImportResult import_data(const fs::path& source, const ImportOptions& options, WorkerPool& pool) {
  if (!fs::exists(source)) throw IoError("no such file or folder", source.string());
  Found found;
  try {
    found = find(source, options);
  } catch (const fs::filesystem_error& error) {
    throw IoError(error.code().message(), error.path1().string());
  }
  const fs::path root = fs::is_directory(source) ? source : fs::absolute(source).parent_path();
  PictureIndex index(root);
  const bool from_table = found.format != "folder per class";
  if (from_table)
    for (Candidate& candidate : found.candidates)
      if (candidate.problem.empty()) index.resolve(candidate);
  join_duplicates(found.candidates);
  check_pictures(found.candidates, pool);
  if (from_table && fs::is_directory(source)) add_unnamed_pictures(root, index, found);

  ImportResult result{.format = found.format, .notes = std::move(found.notes)};
  result.manifest =
      assemble(found.candidates, options.source.empty() ? source_name(source) : options.source, result.unusable);
  result.manifest.path = source;
  result.unusable.insert(result.unusable.end(), found.unusable.begin(), found.unusable.end());
  if (options.labels) {
    for (const Entry& entry : result.manifest.entries)
      if (options.labels->drops(entry.label))
        result.unusable.push_back({entry.image, entry.image, fmt::format("the label map drops '{}'", entry.label)});
    result.manifest = apply(*options.labels, result.manifest);
  }
  if (result.manifest.entries.empty()) {
    std::vector<std::string> reasons;
    for (std::size_t i = 0; i < std::min<std::size_t>(result.unusable.size(), 3); ++i)
      reasons.push_back(fmt::format("{}: {}", result.unusable[i].item, result.unusable[i].reason));
    throw InputError(fmt::format("{}, but none of its {} rows or pictures can be used", result.format,
                                 grouped(result.unusable.size())),
                     source.string(), fmt::format("{}", fmt::join(reasons, "; ")));
  }
  return result;
}

}  // namespace naevus::dataset
