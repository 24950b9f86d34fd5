#include "naevus/clean/picture_findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>
#include <string>

#include "naevus/clean/limits.hpp"
#include "naevus/metrics/association.hpp"
#include "naevus/metrics/robust.hpp"
#include "row_finding.hpp"

namespace naevus::clean {
namespace {

using dataset::Manifest;

/// Where a set's own limit lies: far out of the set, but between the fixed limit and the loose one.
double limit_of_set(const Limit& limit, const std::vector<double>& values) {
  constexpr std::size_t enough = 30;
  if (values.size() < enough) return limit.fixed;
  const auto scale = metrics::robust_scale(values);
  if (limit.low_is_bad) return std::clamp(scale.median - outlying_spreads * scale.spread, limit.fixed, limit.loose);
  return std::clamp(scale.median + outlying_spreads * scale.spread, limit.loose, limit.fixed);
}

void add_quality(const Manifest& manifest, const Measurements& measured, const Limit& limit, const Policy& policy,
                 std::vector<Finding>& findings) {
  std::vector<double> values;
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < measured.of.size(); ++row) {
    if (!measured.of[row].readable) continue;
    values.push_back(limit.value(measured.of[row]));
    rows.push_back(row);
  }
  if (values.empty()) return;
  const auto own = policy.limits.find(limit.kind);
  const double bound = own != policy.limits.end() ? own->second : limit_of_set(limit, values);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (limit.low_is_bad ? values[i] >= bound : values[i] <= bound) continue;
    findings.push_back(row_finding(
        manifest, limit.kind, rows[i], values[i],
        fmt::format("{:.3g}, {} {:.3g} ({})", values[i], limit.low_is_bad ? "below" : "above", bound, limit.meaning)));
  }
}

/// What can't be decoded to its end counts as one kind, and so does what is not of a picture's size.
std::string kind_of_fault(image::FileFault fault) {
  if (fault <= image::FileFault::animated) return "unreadable";
  return std::string(name_of(fault == image::FileFault::extreme_aspect ? image::FileFault::extreme_size : fault));
}

struct ArtefactKind {
  const char* name;
  image::Artefact image::Artefacts::* member;
};
constexpr std::array artefact_kinds{
    ArtefactKind{"hair", &image::Artefacts::hair},       ArtefactKind{"ruler", &image::Artefacts::ruler},
    ArtefactKind{"ink", &image::Artefacts::ink},         ArtefactKind{"vignette", &image::Artefacts::vignette},
    ArtefactKind{"bubbles", &image::Artefacts::bubbles}, ArtefactKind{"color_patch", &image::Artefacts::patches}};

/// A property of the pictures that no class should own: its value by readable, labelled picture, from 0.
struct Property {
  std::string name;
  std::vector<int> value;
  bool yes_or_no = true;
};

struct Labelled {
  std::vector<std::size_t> rows;
  std::vector<int> label;
  std::vector<std::string> classes;
};

Labelled labelled_rows(const Manifest& manifest, const Measurements& measured) {
  Labelled result;
  for (const std::string& name : manifest.classes())
    if (!name.empty()) result.classes.push_back(name);
  for (std::size_t row = 0; row < measured.of.size(); ++row) {
    const auto& classes = result.classes;
    const auto found = std::lower_bound(classes.begin(), classes.end(), manifest.entries[row].label);
    if (!measured.of[row].readable || found == classes.end() || *found != manifest.entries[row].label) continue;
    result.rows.push_back(row);
    result.label.push_back(static_cast<int>(found - classes.begin()));
  }
  return result;
}

std::vector<Property> properties_of(const Labelled& labelled, const Measurements& measured) {
  std::vector<Property> properties;
  for (const ArtefactKind& kind : artefact_kinds) {
    Property property{.name = kind_of(kind.name).title, .value = {}};
    for (const std::size_t row : labelled.rows)
      property.value.push_back((measured.of[row].measures.artefacts.*kind.member).found() ? 1 : 0);
    properties.push_back(std::move(property));
  }
  Property size{.name = "Picture size", .value = {}, .yes_or_no = false};
  std::map<std::pair<int, int>, int> sizes;
  for (const std::size_t row : labelled.rows) {
    const auto& signature = measured.of[row].signature;
    const int next = static_cast<int>(sizes.size());
    size.value.push_back(sizes.try_emplace({signature.width, signature.height}, next).first->second);
  }
  constexpr std::size_t most_sizes = 1000;  // beyond it nearly every picture has its own: nothing to learn
  if (sizes.size() <= most_sizes) properties.push_back(std::move(size));
  return properties;
}

/// "nv 3 %, mel 21 %": how many pictures of each class have the property.
std::vector<double> share_by_class(const Property& property, const Labelled& labelled) {
  std::vector<double> have(labelled.classes.size(), 0), all(labelled.classes.size(), 0);
  for (std::size_t i = 0; i < property.value.size(); ++i) {
    const auto c = static_cast<std::size_t>(labelled.label[i]);
    ++all[c];
    have[c] += property.value[i];
  }
  for (std::size_t c = 0; c < have.size(); ++c) have[c] = all[c] > 0 ? have[c] / all[c] : 0;
  return have;
}

std::string strongest(const std::vector<double>& share, const Labelled& labelled) {
  const auto most = std::max_element(share.begin(), share.end()) - share.begin();
  const auto least = std::min_element(share.begin(), share.end()) - share.begin();
  return fmt::format("{} {:.0f} %, {} {:.0f} %", labelled.classes[static_cast<std::size_t>(most)],
                     100 * share[static_cast<std::size_t>(most)], labelled.classes[static_cast<std::size_t>(least)],
                     100 * share[static_cast<std::size_t>(least)]);
}

}  // namespace

std::vector<Finding> file_findings(const Manifest& manifest, const Measurements& measured) {
  std::vector<Finding> findings;
  for (const auto& [row, faults] : measured.faults)
    for (const image::FileFinding& fault : faults)
      findings.push_back(row_finding(manifest, kind_of_fault(fault.fault), row, 1, fault.evidence));
  return findings;
}

std::vector<Finding> quality_findings(const Manifest& manifest, const Measurements& measured, const Policy& policy) {
  std::vector<Finding> findings;
  for (const Limit& limit : limits()) add_quality(manifest, measured, limit, policy, findings);
  return findings;
}

std::vector<Finding> artefact_findings(const Manifest& manifest, const Measurements& measured) {
  std::vector<Finding> findings;
  for (std::size_t row = 0; row < measured.of.size(); ++row) {
    if (!measured.of[row].readable) continue;
    for (const ArtefactKind& kind : artefact_kinds) {
      const image::Artefact& artefact = measured.of[row].measures.artefacts.*kind.member;
      if (artefact.found())
        findings.push_back(
            row_finding(manifest, kind.name, row, artefact.score, fmt::format("score {:.2f} of 1", artefact.score)));
    }
  }
  return findings;
}

Shortcuts shortcuts(const Manifest& manifest, const Measurements& measured, WorkerPool& pool) {
  constexpr double weakest = 0.1, chance = 0.01;
  Shortcuts result;
  const Labelled labelled = labelled_rows(manifest, measured);
  result.table = {.caption = "What goes with the label: share of each class, Cramér's V (0 to 1) and permutation p",
                  .columns = {"property"},
                  .rows = {}};
  for (const std::string& name : labelled.classes) result.table.columns.push_back(name);
  result.table.columns.insert(result.table.columns.end(), {"V", "p"});
  if (labelled.classes.size() < 2) return result;
  const auto properties = properties_of(labelled, measured);
  std::vector<std::optional<metrics::Association>> associations(properties.size());
  pool.for_each(properties.size(),
                [&](std::size_t i) { associations[i] = metrics::association(properties[i].value, labelled.label); });
  for (std::size_t i = 0; i < properties.size(); ++i) {
    const Property& property = properties[i];
    const auto& found = associations[i];
    if (!found) continue;  // all pictures have it, or none
    std::vector<std::string> row{property.name};
    const std::vector<double> share = share_by_class(property, labelled);
    for (const double value : share) row.push_back(property.yes_or_no ? fmt::format("{:.1f} %", 100 * value) : "–");
    row.insert(row.end(), {fmt::format("{:.2f}", found->corrected_v), fmt::format("{:.4f}", found->p_value)});
    result.table.rows.push_back(std::move(row));
    if (found->corrected_v < weakest || found->p_value * static_cast<double>(properties.size()) > chance) continue;
    result.findings.push_back(
        {.kind = "shortcut",
         .image = {},
         .other = {},
         .score = found->corrected_v,
         .evidence = fmt::format("{}: V {:.2f}, p {:.4f}{}", property.name, found->corrected_v, found->p_value,
                                 property.yes_or_no ? "; " + strongest(share, labelled) : std::string())});
  }
  return result;
}

}  // namespace naevus::clean
