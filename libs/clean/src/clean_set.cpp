#include "naevus/clean/clean_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <system_error>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/clean/balance_report.hpp"
#include "naevus/clean/clean_report.hpp"
#include "naevus/clean/copy_findings.hpp"
#include "naevus/clean/label_errors.hpp"
#include "naevus/clean/measure.hpp"
#include "naevus/clean/metadata.hpp"
#include "naevus/clean/model_findings.hpp"
#include "naevus/clean/picture_findings.hpp"
#include "naevus/copies/find_copies.hpp"
#include "naevus/dataset/import.hpp"
#include "naevus/dataset/prediction_table.hpp"
#include "naevus/image/decode.hpp"

namespace naevus::clean {
namespace {

namespace fs = std::filesystem;
using dataset::Manifest;

/// A set as it is taken in: rows, and what did not become one.
struct Source {
  Manifest manifest;
  std::vector<Finding> findings;
};

/// Whatever is called like a picture, also what turns out to be none.
Manifest pictures_below(const fs::path& folder) {
  Manifest manifest{.path = folder / "manifest.csv"};
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error), end;
  for (; !error && entry != end; entry.increment(error))
    if (image::has_picture_extension(entry->path()))
      manifest.entries.push_back({.image = fs::absolute(entry->path()).lexically_normal().string()});
  if (error) throw IoError("this folder can't be read: " + error.message(), folder.string());
  if (manifest.entries.empty()) throw InputError("holds no pictures", folder.string());
  std::sort(manifest.entries.begin(), manifest.entries.end(),
            [](const auto& a, const auto& b) { return a.image < b.image; });
  return manifest;
}

/// A folder: what the importer makes of it, and the pictures that it could not use, without a label.
Source folder_source(const fs::path& folder, WorkerPool& pool) {
  auto imported = dataset::import_data(folder, {}, pool);
  Source source{std::move(imported.manifest), {}};
  for (const dataset::Unusable& one : imported.unusable) {
    std::error_code none;
    if (image::has_picture_extension(one.where) &&
        fs::symlink_status(one.where, none).type() != fs::file_type::not_found)
      source.manifest.entries.push_back({.image = fs::absolute(one.where).lexically_normal().string()});
    else
      source.findings.push_back({.kind = "unreadable",
                                 .image = one.item,
                                 .other = {},
                                 .score = 1,
                                 .evidence = fmt::format("{}: {}", one.where, one.reason)});
  }
  return source;
}

Source source_of(const fs::path& path, WorkerPool& pool) {
  if (!fs::is_directory(path)) return {dataset::read_manifest(path), {}};
  try {
    return folder_source(path, pool);
  } catch (const InputError&) {  // no data set that is known: pictures without labels
    return {pictures_below(path), {}};
  }
}

std::vector<fs::path> files_of(const Manifest& manifest) {
  std::vector<fs::path> files;
  files.reserve(manifest.entries.size());
  for (const dataset::Entry& entry : manifest.entries) files.push_back(manifest.image_path(entry));
  return files;
}

std::vector<copies::Signature> signatures_of(std::span<const Measurement> measured) {
  std::vector<copies::Signature> signatures;
  signatures.reserve(measured.size());
  for (const Measurement& one : measured) signatures.push_back(one.signature);
  return signatures;
}

std::string evidence_of(const copies::Pair& pair, const Measurement& a, const Measurement& b) {
  if (a.bytes == b.bytes) return "the same bytes";
  std::string text =
      pair.kind == copies::Kind::exact ? "the same pixels" : fmt::format("correlation {:.3f}", pair.correlation);
  if (pair.symmetry != 0) text += fmt::format(", {}", copies::symmetry_name(pair.symmetry));
  const copies::Frame& f = pair.frame;
  if (pair.kind == copies::Kind::altered && std::min(f.width, f.height) < 0.97F)
    text += fmt::format(", {:.0f} x {:.0f} % of the frame", 100 * f.width, 100 * f.height);
  return text;
}

/// find_copies pairs an exact group's members with its first; here all of a small group are paired with each other, as
/// what is done about a pair depends on both rows' parts. Of a large group each row with the first of its own part.
void pair_exact_groups(const Manifest& manifest, const Measurements& measured, std::vector<Copy>& copies) {
  constexpr std::size_t small = 10;
  std::map<std::size_t, std::vector<std::size_t>> groups;  // by first row
  for (const Copy& copy : copies)
    if (copy.exact && !copy.outside) groups[copy.a].push_back(copy.b);
  const auto add = [&](std::size_t a, std::size_t b) {
    const bool bytes = measured.of[a].bytes == measured.of[b].bytes;
    copies.push_back({.a = a, .b = b, .exact = true, .evidence = bytes ? "the same bytes" : "the same pixels"});
  };
  for (const auto& [first, rows] : groups) {
    std::map<dataset::Part, std::size_t> first_of_part{{manifest.entries[first].part, first}};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::size_t own = first_of_part.try_emplace(manifest.entries[rows[i]].part, rows[i]).first->second;
      if (rows.size() >= small && own != first && own != rows[i]) add(own, rows[i]);
      for (std::size_t j = 0; rows.size() < small && j < i; ++j) add(rows[j], rows[i]);
    }
  }
}

/// @param files   of the manifest, then those of `against`
std::vector<Copy> copies_of(const Manifest& manifest, const std::vector<fs::path>& files, const Measurements& measured,
                            WorkerPool& pool, const StopToken& stop) {
  const std::size_t own = manifest.entries.size();
  const std::span all(measured.of);
  const auto inside = signatures_of(all.first(own)), outside = signatures_of(all.subspan(own));
  const copies::Load load = [&](std::size_t i) { return image::load(files[i]); };
  const copies::Load load_outside = [&](std::size_t i) { return image::load(files[own + i]); };
  std::vector<Copy> result;
  const auto add = [&](const copies::Pair& pair, bool is_outside) {
    const std::size_t b = is_outside ? own + pair.b : pair.b;
    if (files[pair.a] == files[b] && !is_outside) return;  // one picture in two rows: metadata_findings tells
    result.push_back({.a = std::min(pair.a, pair.b),
                      .b = std::max(pair.a, pair.b),
                      .exact = pair.kind == copies::Kind::exact,
                      .outside = is_outside,
                      .score = pair.correlation,
                      .evidence = evidence_of(pair, measured.of[pair.a], measured.of[b])});
    if (is_outside) result.back().a = pair.a, result.back().b = pair.b;
  };
  for (const copies::Pair& pair : copies::find_copies(inside, {}, load, pool, stop)) add(pair, false);
  pair_exact_groups(manifest, measured, result);
  if (!outside.empty())
    for (const copies::Pair& pair : copies::find_copies(inside, outside, {}, load, load_outside, pool, stop))
      add(pair, true);
  return result;
}

report::Table columns_table(const std::vector<ColumnSummary>& columns) {
  report::Table table{.caption = "Columns of the manifest",
                      .columns = {"column", "filled", "distinct", "median [least, most]", "most frequent"},
                      .rows = {}};
  for (const ColumnSummary& column : columns) {
    std::string top;
    for (std::size_t i = 0; i < std::min<std::size_t>(column.top.size(), 5); ++i)
      top += fmt::format("{}{} {}", i > 0 ? ", " : "", column.top[i].first, grouped(column.top[i].second));
    table.rows.push_back(
        {column.name,
         fmt::format("{:.0f} %", 100.0 * static_cast<double>(column.filled) / static_cast<double>(column.rows)),
         grouped(column.distinct),
         column.number
             ? fmt::format("{:g} [{:g}, {:g}]", column.number->median, column.number->minimum, column.number->maximum)
             : "–",
         column.number ? "–" : top});
  }
  return table;
}

report::Table balance_table(const Balance& balance) {
  report::Table table{.caption = fmt::format("Balance of the cleaned training pictures, {:.1f} to 1, and what training "
                                             "would do about it with balancing = \"sampling\", \"loss\" or "
                                             "\"logit-adjustment\"",
                                             balance.imbalance_ratio),
                      .columns = {"class", "pictures", "lesions", "share", "effective number", "times an epoch",
                                  "weight of the loss", "added to the logit"},
                      .rows = {}};
  for (const ClassBalance& one : balance.classes)
    table.rows.push_back({one.label, grouped(one.images), grouped(one.lesions),
                          fmt::format("{:.1f} %", 100 * one.share), fmt::format("{:.0f}", one.effective_number),
                          fmt::format("{:.1f}", one.shown_per_epoch), fmt::format("{:.2f}", one.loss_weight),
                          fmt::format("{:.2f}", one.logit_adjustment)});
  return table;
}

/// Classes that cleaning leaves less than half of.
std::vector<std::string> depleted_classes(const Settled& settled) {
  std::map<std::string, std::pair<std::size_t, std::size_t>> counts;
  for (const auto& entry : settled.original.entries) ++counts[entry.label].first;
  for (const auto& entry : settled.clean.entries) ++counts[entry.label].second;
  constexpr std::size_t a_class = 5;
  std::vector<std::string> notes;
  for (const auto& [label, count] : counts)
    if (!label.empty() && count.first >= a_class && 2 * count.second < count.first)
      notes.push_back(
          fmt::format("class {}: {} of {} pictures are left; naevus clean review or undo where you know better", label,
                      grouped(count.second), grouped(count.first)));
  return notes;
}

report::Table joint_table(const LabelErrors& errors) {
  report::Table table{
      .caption = fmt::format("Given labels (rows) and likely ones (columns) of {} pictures, as confident "
                             "learning estimates them from out-of-fold probabilities",
                             grouped(errors.judged)),
      .columns = {"given"},
      .rows = {}};
  table.columns.insert(table.columns.end(), errors.classes.begin(), errors.classes.end());
  for (std::size_t given = 0; given < errors.classes.size(); ++given) {
    std::vector<std::string> row{errors.classes[given]};
    for (std::size_t likely = 0; likely < errors.classes.size(); ++likely)
      row.push_back(grouped(static_cast<std::uint64_t>(errors.joint.at(given, likely))));
    table.rows.push_back(std::move(row));
  }
  return table;
}

void append(std::vector<Finding>& findings, std::vector<Finding> more) {
  findings.insert(findings.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::vector<Finding> model_findings(const CleanOptions& options, const Manifest& manifest,
                                    const std::vector<fs::path>& files, const std::vector<Finding>& copies,
                                    const WorkerPool& pool, const StopToken& stop) {
  const infer::Classifier classifier(options.model, {.threads = pool.threads()});
  const auto own = static_cast<std::ptrdiff_t>(manifest.entries.size());
  const Embedded embedded = embed(classifier, {files.begin(), files.begin() + own}, stop);
  std::vector<Finding> findings = off_topic_findings(manifest, embedded, classifier.card());
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (const Finding& finding : copies)
    if (finding.other_row != no_row) pairs.push_back(std::minmax(finding.row, finding.other_row));
  append(findings, same_lesion_findings(manifest, embedded, pairs));
  return findings;
}

/// The manifest as the workspace has it, under the names that all its files use.
Manifest taken_in(const Manifest& manifest, const Workspace& workspace) {
  dataset::write_manifest(manifest, workspace.original());
  return dataset::read_manifest(workspace.original());
}

void keep_policy(const fs::path& policy, const Workspace& workspace) {
  if (!policy.empty()) read_policy(policy);  // a faulty one is told before the work
  write_file(workspace.policy(), policy.empty() ? policy_template() : read_text(policy));
}

}  // namespace

CleanResult clean_set(const CleanOptions& options, WorkerPool& pool, const StopToken& stop) {
  const Workspace workspace(options.out);
  Source source = source_of(options.manifest, pool);
  const Manifest against = options.against.empty() ? Manifest{} : dataset::read_manifest(options.against);
  make_folder(workspace.folder());
  keep_policy(options.policy, workspace);
  const Manifest manifest = taken_in(source.manifest, workspace);

  std::vector<fs::path> files = files_of(manifest);
  const std::vector<fs::path> others = files_of(against);
  files.insert(files.end(), others.begin(), others.end());
  const Measurements measured = measure(files, workspace.journal(), pool, stop);
  Measurements own = measured;
  own.of.resize(manifest.entries.size());
  own.faults.erase(own.faults.lower_bound(manifest.entries.size()), own.faults.end());

  CleanResult result;
  result.taken_up = measured.taken_up;
  std::vector<Finding> findings = std::move(source.findings);
  std::optional<report::Table> joint;
  const auto copies = copy_findings(manifest, copies_of(manifest, files, measured, pool, stop), against);
  append(findings, copies.findings);
  append(findings, file_findings(manifest, own));
  append(findings, metadata_findings(manifest));
  append(findings, quality_findings(manifest, own, read_policy(workspace.policy())));
  append(findings, artefact_findings(manifest, own));
  Shortcuts shortcut = shortcuts(manifest, own, pool);
  append(findings, std::move(shortcut.findings));
  if (!options.model.empty()) append(findings, model_findings(options, manifest, files, copies.findings, pool, stop));
  if (!options.probabilities.empty()) {
    LabelErrors errors = label_errors(manifest, dataset::read_prediction_table(options.probabilities));
    append(findings, std::move(errors.findings));
    result.notes.insert(result.notes.end(), errors.warnings.begin(), errors.warnings.end());
    joint = joint_table(errors);
  }
  sort_findings(findings);

  write_issues(findings, {}, workspace.issues());
  result.settled = settle(workspace);
  result.copy_groups = copies.groups;
  for (std::string& note : depleted_classes(result.settled)) result.notes.push_back(std::move(note));
  if (options.probabilities.empty())
    result.not_done.emplace_back("label errors: --folds 5 --config recipe.toml, or --probabilities");
  if (options.model.empty())
    result.not_done.emplace_back("pictures that are no skin lesions, and other photographs of one lesion: --model");
  ReportParts parts{.title = fmt::format("Cleaning of {}", options.manifest.filename().string()),
                    .copy_groups = copies.groups,
                    .tables = {columns_table(metadata_summary(manifest))},
                    .warnings = result.notes,
                    .not_done = result.not_done};
  if (const Balance classes = balance(result.settled.clean); !classes.classes.empty())
    parts.tables.insert(parts.tables.begin(), balance_table(classes));
  if (joint) parts.tables.push_back(std::move(*joint));
  if (!shortcut.table.rows.empty()) parts.tables.push_back(std::move(shortcut.table));
  write_file(workspace.report(), report_page(result.settled, parts, pool, stop));
  return result;
}

}  // namespace naevus::clean
