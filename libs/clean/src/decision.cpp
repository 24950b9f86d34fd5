#include "naevus/clean/decision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "columns.hpp"
#include "naevus/base/csv.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "row_text.hpp"

namespace naevus::clean {
namespace {

constexpr std::array choice_words{"keep", "drop", "relabel", "same_lesion", "not_sure"};
constexpr std::array what_words{"drop", "relabel", "join"};
const std::vector<std::string> header{"action",   "image", "value", "was",       "kind", "other",
                                      "evidence", "by",    "row",   "other_row", "state"};

using FindingKey = std::tuple<std::string, std::string, std::string>;

/// What people said of a finding: nothing where they differ or are not sure.
struct Verdict {
  std::optional<Answer> answer;
  bool disputed = false;
};

std::map<FindingKey, Verdict> verdicts(const std::vector<Answer>& answers) {
  std::map<FindingKey, std::map<std::string, Answer>> last;  // a reviewer's last answer counts
  for (const Answer& answer : answers) last[{answer.kind, answer.image, answer.other}][answer.reviewer] = answer;
  std::map<FindingKey, Verdict> result;
  for (const auto& [key, by_reviewer] : last) {
    Verdict& verdict = result[key];
    for (const auto& [reviewer, answer] : by_reviewer) {
      if (answer.choice == Choice::not_sure) continue;
      if (verdict.answer && (verdict.answer->choice != answer.choice || verdict.answer->label != answer.label))
        verdict.disputed = true;
      if (!verdict.answer) verdict.answer = answer;
    }
  }
  return result;
}

/// What is done about a finding, if anything is.
std::optional<Decision> decision_on(const Finding& finding, const Verdict& verdict, const Policy& policy,
                                    const dataset::Manifest& manifest) {
  if (finding.row == no_row || verdict.disputed) return std::nullopt;
  const dataset::Entry& entry = manifest.entries[finding.row];
  Decision decision{.image = finding.image,
                    .other = finding.other,
                    .value = {},
                    .was = {},
                    .kind = finding.kind,
                    .evidence = finding.evidence,
                    .by = "policy",
                    .row = finding.row,
                    .other_row = finding.other_row};
  if (!verdict.answer) {
    if (policy.action(finding.kind) != Action::drop) return std::nullopt;
    return decision;
  }
  decision.by = verdict.answer->reviewer;
  switch (verdict.answer->choice) {
    case Choice::drop:
      return decision;
    case Choice::relabel:
      decision.what = Decision::What::relabel;
      decision.value = verdict.answer->label;
      decision.was = entry.label;
      return decision;
    case Choice::same_lesion: {
      if (finding.other_row == no_row) return std::nullopt;
      const std::string& other = manifest.entries[finding.other_row].lesion_id;
      decision.what = Decision::What::join;
      decision.value = other.empty() ? finding.other : other;
      decision.was = entry.lesion_id;
      return decision;
    }
    case Choice::keep:
    case Choice::not_sure:
      return std::nullopt;
  }
  return std::nullopt;
}

auto key_of(const Decision& decision) {
  return std::tuple(decision.what, decision.image, decision.kind, decision.other);
}

}  // namespace

std::string to_string(Choice choice) {
  return choice_words.at(static_cast<std::size_t>(choice));
}

Choice choice_from(const std::string& text) {
  const auto found = std::find(choice_words.begin(), choice_words.end(), text);
  if (found == choice_words.end())
    throw InputError(fmt::format("there is no answer '{}'", text), {}, "keep, drop, relabel, same_lesion or not_sure");
  return static_cast<Choice>(found - choice_words.begin());
}

std::string to_string(Decision::What what) {
  return what_words.at(static_cast<std::size_t>(what));
}

std::vector<Decision> decide(const dataset::Manifest& manifest, const std::vector<Finding>& findings,
                             const Policy& policy, const std::vector<Answer>& answers,
                             const std::vector<Decision>& undone) {
  std::set<decltype(key_of(Decision{}))> passed_over;
  for (const Decision& decision : undone)
    if (decision.undone) passed_over.insert(key_of(decision));
  const auto said = verdicts(answers);
  std::vector<Decision> decisions;
  std::set<std::pair<Decision::What, std::size_t>> decided;
  for (const Finding& finding : findings) {
    const auto verdict = said.find({finding.kind, finding.image, finding.other});
    auto decision = decision_on(finding, verdict == said.end() ? Verdict{} : verdict->second, policy, manifest);
    if (!decision) continue;
    decision->undone = passed_over.contains(key_of(*decision));
    if (!decision->undone && !decided.emplace(decision->what, finding.row).second) continue;
    decisions.push_back(std::move(*decision));
  }
  return decisions;
}

dataset::Manifest cleaned(const dataset::Manifest& manifest, const std::vector<Decision>& decisions) {
  dataset::Manifest result = manifest;
  std::vector<bool> dropped(manifest.entries.size(), false);
  for (const Decision& decision : decisions) {
    if (decision.undone || decision.row >= manifest.entries.size()) continue;
    dataset::Entry& entry = result.entries[decision.row];
    if (decision.what == Decision::What::drop) dropped[decision.row] = true;
    if (decision.what == Decision::What::relabel) entry.label = decision.value;
    if (decision.what == Decision::What::join) {
      entry.lesion_id = decision.value;
      if (decision.other_row < result.entries.size()) result.entries[decision.other_row].lesion_id = decision.value;
    }
  }
  std::vector<dataset::Entry> kept;
  kept.reserve(result.entries.size());
  for (std::size_t i = 0; i < dropped.size(); ++i)
    if (!dropped[i]) kept.push_back(std::move(result.entries[i]));
  result.entries = std::move(kept);
  return result;
}

void write_decisions(const std::vector<Decision>& decisions, const std::filesystem::path& path) {
  CsvTable table{.header = header};
  for (const Decision& d : decisions)
    table.rows.push_back({to_string(d.what), d.image, d.value, d.was, d.kind, d.other, d.evidence, d.by,
                          row_text(d.row), row_text(d.other_row), d.undone ? "undone" : "done"});
  write_file(path, to_csv(table));
}

std::vector<Decision> read_decisions(const std::filesystem::path& path) {
  const CsvTable table = read_csv(path);
  const Columns column(table, header, path);
  std::vector<Decision> decisions;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    const auto what = std::find(what_words.begin(), what_words.end(), column(row, "action"));
    const std::string& state = column(row, "state");
    const std::string where = fmt::format("{}:{}", path.string(), table.line[i]);
    if (what == what_words.end() || (state != "done" && state != "undone"))
      throw InputError("is no decision", where, "the action is drop, relabel or join, the state done or undone");
    decisions.push_back({.what = static_cast<Decision::What>(what - what_words.begin()),
                         .image = column(row, "image"),
                         .other = column(row, "other"),
                         .value = column(row, "value"),
                         .was = column(row, "was"),
                         .kind = column(row, "kind"),
                         .evidence = column(row, "evidence"),
                         .by = column(row, "by"),
                         .row = row_from(column(row, "row"), where),
                         .other_row = row_from(column(row, "other_row"), where),
                         .undone = state == "undone"});
  }
  return decisions;
}

}  // namespace naevus::clean
