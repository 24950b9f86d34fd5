#include "naevus/clean/copy_findings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "naevus/copies/union_find.hpp"

namespace naevus::clean {
namespace {

using dataset::Manifest;
using dataset::Part;

Finding pair_finding(const char* kind, const Manifest& manifest, std::size_t row, std::size_t other, const Copy& copy) {
  return {.kind = kind,
          .image = manifest.entries[row].image,
          .other = manifest.entries[other].image,
          .score = copy.score,
          .evidence = copy.evidence,
          .row = row,
          .other_row = other};
}

/// A test picture is kept for its part's sake, a validation picture before a training one.
int worth(Part part) {
  return part == Part::test ? 3 : part == Part::validation ? 2 : part == Part::train ? 1 : 0;
}

void add_pair(const Manifest& manifest, const Copy& copy, std::vector<Finding>& findings) {
  const bool later_is_worth_more =
      worth(manifest.entries[copy.b].part) > worth(manifest.entries[copy.a].part) && copy.a < copy.b;
  const auto [stays, goes] = later_is_worth_more ? std::pair(copy.b, copy.a) : std::pair(copy.a, copy.b);
  findings.push_back(pair_finding(copy.exact ? "exact_copy" : "near_copy", manifest, goes, stays, copy));
}

using Pairs = std::map<std::pair<std::size_t, std::size_t>, const Copy*>;

/// Rows of a group that stands in several parts, but for those of the part that is worth most.
void add_leaks(const Manifest& manifest, const std::vector<std::size_t>& rows, const Pairs& pairs,
               std::vector<Finding>& findings) {
  const auto part_of = [&](std::size_t row) { return manifest.entries[row].part; };
  const std::size_t stays = *std::max_element(
      rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return worth(part_of(a)) < worth(part_of(b)); });
  for (const std::size_t row : rows) {
    if (part_of(row) == Part::none || part_of(row) == part_of(stays)) continue;
    const auto pair = pairs.find(std::minmax(row, stays));
    const Copy through_others{.a = row, .b = stays, .evidence = "through other copies of it"};
    const Copy& copy = pair == pairs.end() ? through_others : *pair->second;
    Finding finding = pair_finding("leak", manifest, row, stays, copy);
    finding.evidence =
        fmt::format("in {} and in {}: {}", to_string(part_of(row)), to_string(part_of(stays)), copy.evidence);
    findings.push_back(std::move(finding));
  }
}

void add_outside(const Manifest& manifest, const Manifest& against, const Copy& copy, std::vector<Finding>& findings) {
  findings.push_back({.kind = "leak",
                      .image = manifest.entries[copy.a].image,
                      .other = against.image_path(against.entries[copy.b]).string(),
                      .score = copy.score,
                      .evidence = fmt::format("also in {}: {}", against.path.filename().string(), copy.evidence),
                      .row = copy.a});
}

/// A row of a group whose rows disagree: beside it, one that says otherwise.
void add_contradictions(const Manifest& manifest, const std::vector<std::size_t>& rows,
                        std::vector<Finding>& findings) {
  std::map<std::string, std::size_t> first;  // of each label
  for (const std::size_t row : rows)
    if (!manifest.entries[row].label.empty()) first.try_emplace(manifest.entries[row].label, row);
  if (first.size() < 2) return;
  std::vector<std::string> labels;
  labels.reserve(first.size());
  for (const auto& [label, row] : first) labels.push_back(label);
  for (const std::size_t row : rows) {
    const std::string& own = manifest.entries[row].label;
    const auto other = std::find_if(first.begin(), first.end(), [&](const auto& item) { return item.first != own; });
    findings.push_back({.kind = "contradictory_label",
                        .image = manifest.entries[row].image,
                        .other = manifest.entries[other->second].image,
                        .score = static_cast<double>(rows.size()),
                        .evidence = fmt::format("labelled {}; the {} copies are labelled {}", own, rows.size(),
                                                fmt::join(labels, ", ")),
                        .row = row,
                        .other_row = other->second});
  }
}

}  // namespace

CopyFindings copy_findings(const Manifest& manifest, const std::vector<Copy>& copies, const Manifest& against) {
  CopyFindings result;
  copies::UnionFind sets(manifest.entries.size());
  std::set<std::size_t> outside;
  Pairs pairs;
  for (const Copy& copy : copies) {
    if (!copy.outside) {
      sets.join(copy.a, copy.b);
      pairs.emplace(std::minmax(copy.a, copy.b), &copy);
      add_pair(manifest, copy, result.findings);
    } else if (outside.insert(copy.a).second) {
      add_outside(manifest, against, copy, result.findings);
    }
  }
  std::map<std::size_t, std::vector<std::size_t>> members;  // by root, which is the first row
  for (std::size_t row = 0; row < manifest.entries.size(); ++row) members[sets.root(row)].push_back(row);
  result.group.resize(manifest.entries.size());
  std::size_t number = 0;
  for (const auto& [root, rows] : members) {
    for (const std::size_t row : rows) result.group[row] = number;
    ++number;
    if (rows.size() < 2) continue;
    ++result.groups;
    add_leaks(manifest, rows, pairs, result.findings);
    add_contradictions(manifest, rows, result.findings);
  }
  return result;
}

void add_copy_groups(Manifest& manifest, const std::vector<Finding>& findings) {
  copies::UnionFind sets(manifest.entries.size());
  bool any = false;
  for (const Finding& finding : findings) {
    if ((finding.kind != "exact_copy" && finding.kind != "near_copy") || finding.other_row == no_row) continue;
    sets.join(finding.row, finding.other_row);
    any = true;
  }
  auto column = static_cast<std::size_t>(
      std::find(manifest.other_columns.begin(), manifest.other_columns.end(), copy_group_column) -
      manifest.other_columns.begin());
  if (column == manifest.other_columns.size()) {
    if (!any) return;
    manifest.other_columns.emplace_back(copy_group_column);
  }
  std::map<std::size_t, std::size_t> size;
  for (std::size_t row = 0; row < manifest.entries.size(); ++row) ++size[sets.root(row)];
  for (std::size_t row = 0; row < manifest.entries.size(); ++row) {
    auto& values = manifest.entries[row].other;
    values.resize(manifest.other_columns.size());
    const std::size_t root = sets.root(row);
    values[column] = size[root] > 1 ? fmt::format("copies-{}", root + 1) : std::string();
  }
}

}  // namespace naevus::clean
