#include "naevus/clean/workspace.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <set>
#include <tuple>

#include "columns.hpp"
#include "naevus/base/csv.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/clean/copy_findings.hpp"
#include "row_text.hpp"

namespace naevus::clean {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> header{"kind", "image", "other", "score", "evidence", "action", "row", "other_row"};

/// What became of each finding, in a word.
class Actions {
 public:
  explicit Actions(const std::vector<Decision>& decisions) {
    for (const Decision& d : decisions) {
      word_[{d.kind, d.row, d.other}] = d.undone ? "undone" : to_string(d.what);
      if (!d.undone && d.what == Decision::What::drop) dropped_.insert(d.row);
    }
  }
  std::string of(const Finding& finding) const {
    const auto found = word_.find({finding.kind, finding.row, finding.other});
    if (found != word_.end()) return found->second;
    return finding.row != no_row && dropped_.contains(finding.row) ? "drop" : "report";
  }

 private:
  std::map<std::tuple<std::string, std::size_t, std::string>, std::string> word_;
  std::set<std::size_t> dropped_;
};

double number_from(const std::string& text, const std::string& where) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw InputError(fmt::format("'{}' is no number", text), where);
  return value;
}

bool is_there(const fs::path& path) {
  std::error_code none;
  return fs::exists(path, none);
}

}  // namespace

void Workspace::check() const {
  for (const fs::path& file : {original(), issues(), policy()})
    if (!is_there(file))
      throw IoError(fmt::format("holds no {}", file.filename().string()), folder_.string(),
                    "name the folder that `naevus clean MANIFEST -o FOLDER` wrote");
}

void write_issues(const std::vector<Finding>& findings, const std::vector<Decision>& decisions, const fs::path& path) {
  const Actions actions(decisions);
  CsvTable table{.header = header};
  table.rows.reserve(findings.size());
  for (const Finding& f : findings)
    table.rows.push_back({f.kind, f.image, f.other, fmt::format("{:.4g}", f.score), f.evidence, actions.of(f),
                          row_text(f.row), row_text(f.other_row)});
  write_file(path, to_csv(table));
}

std::vector<Finding> read_issues(const fs::path& path) {
  const CsvTable table = read_csv(path);
  const Columns column(table, header, path);
  std::vector<Finding> findings;
  findings.reserve(table.rows.size());
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    const std::string where = fmt::format("{}:{}", path.string(), table.line[i]);
    findings.push_back({.kind = kind_of(column(row, "kind"), where).name,
                        .image = column(row, "image"),
                        .other = column(row, "other"),
                        .score = number_from(column(row, "score"), where),
                        .evidence = column(row, "evidence"),
                        .row = row_from(column(row, "row"), where),
                        .other_row = row_from(column(row, "other_row"), where)});
  }
  return findings;
}

bool has_other_picture(const Finding& finding) {
  if (finding.row == no_row || finding.other.empty()) return false;
  return finding.other_row != finding.row && finding.other != finding.image;
}

fs::path other_path(const dataset::Manifest& manifest, const Finding& finding) {
  if (finding.other_row != no_row) return manifest.image_path(manifest.entries[finding.other_row]);
  return finding.other;
}

Settled settle(const Workspace& workspace) {
  return settle(workspace,
                exists(workspace.decisions()) ? read_decisions(workspace.decisions()) : std::vector<Decision>{});
}

Settled settle(const Workspace& workspace, const std::vector<Decision>& earlier) {
  workspace.check();
  Settled settled;
  settled.original = dataset::read_manifest(workspace.original());
  settled.findings = read_issues(workspace.issues());
  for (const Finding& finding : settled.findings)
    for (const std::size_t row : {finding.row, finding.other_row})
      if (row != no_row && row >= settled.original.entries.size())
        throw InputError(fmt::format("names row {} of {}", row + 1, settled.original.entries.size()),
                         workspace.issues().string(), "the folder's files do not belong together: clean anew");
  settled.decisions = decide(settled.original, settled.findings, read_policy(workspace.policy()),
                             read_answers(workspace.answers()), earlier);
  settled.clean = settled.original;
  add_copy_groups(settled.clean, settled.findings);
  settled.clean = cleaned(settled.clean, settled.decisions);
  write_issues(settled.findings, settled.decisions, workspace.issues());
  write_decisions(settled.decisions, workspace.decisions());
  dataset::write_manifest(settled.clean, workspace.clean());
  return settled;
}

}  // namespace naevus::clean
