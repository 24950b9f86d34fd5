#include "naevus/clean/review.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <set>
#include <tuple>

#include "columns.hpp"
#include "naevus/base/csv.hpp"
#include "naevus/base/error.hpp"
#include "naevus/metrics/agreement.hpp"

namespace naevus::clean {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> header{"time", "reviewer", "kind", "image", "other", "answer", "label"};

using FindingKey = std::tuple<std::string, std::string, std::string>;

FindingKey key_of(const Answer& answer) {
  return {answer.kind, answer.image, answer.other};
}

/// Cuts off a torn last line, so that the next one begins anew.
fs::path mended(const fs::path& path) {
  std::error_code none;
  const auto size = fs::file_size(path, none);
  if (none) return path;
  const auto whole = read_text(path).rfind('\n') + 1;
  if (whole < size) fs::resize_file(path, whole);
  return path;
}

}  // namespace

std::vector<Answer> read_answers(const fs::path& path) {
  std::error_code none;
  if (!fs::exists(path, none)) return {};
  std::string text = read_text(path);
  text.resize(text.rfind('\n') + 1);  // npos + 1 is 0: no whole line
  if (text.empty()) return {};
  const CsvTable table = parse_csv(text, path.string());
  const Columns column(table, header, path);
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    try {
      answers.push_back({.reviewer = column(row, "reviewer"),
                         .kind = column(row, "kind"),
                         .image = column(row, "image"),
                         .other = column(row, "other"),
                         .choice = choice_from(column(row, "answer")),
                         .label = column(row, "label")});
    } catch (InputError& error) {
      error.set_where(fmt::format("{}:{}", path.string(), table.line[i]));
      throw;
    }
  }
  return answers;
}

AnswerLog::AnswerLog(const fs::path& path) : path_(path), answers_(read_answers(path)), file_(mended(path)) {
  if (fs::file_size(path) == 0) file_.append(csv_line(header));
}

void AnswerLog::add(const Answer& answer) {
  const std::vector<std::string> fields{fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))),
                                        answer.reviewer,
                                        answer.kind,
                                        answer.image,
                                        answer.other,
                                        to_string(answer.choice),
                                        answer.label};
  try {
    file_.append(csv_line(fields));
  } catch (const IoError&) {
    mended(path_);  // a disk that fills up takes half a line, and the next answer would go on in it
    throw;
  }
  answers_.push_back(answer);
}

std::vector<std::size_t> open_findings(const std::vector<Finding>& findings, const std::vector<Answer>& answers,
                                       const std::string& reviewer, const Policy& policy,
                                       const std::vector<std::string>& kinds) {
  std::set<FindingKey> done;
  for (const Answer& answer : answers)
    if (answer.reviewer == reviewer) done.insert(key_of(answer));
  const auto wanted = [&](const Finding& finding) {
    if (finding.row == no_row) return false;
    if (kinds.empty()) return policy.action(finding.kind) == Action::report;
    return std::find(kinds.begin(), kinds.end(), finding.kind) != kinds.end();
  };
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const Finding& finding = findings[i];
    if (wanted(finding) && !done.contains({finding.kind, finding.image, finding.other})) open.push_back(i);
  }
  return open;
}

std::vector<ReviewerAgreement> agreements(const std::vector<Answer>& answers) {
  std::map<std::string, std::map<FindingKey, int>> by_reviewer;
  for (const Answer& answer : answers) by_reviewer[answer.reviewer][key_of(answer)] = static_cast<int>(answer.choice);
  constexpr std::size_t choices = 5;
  std::vector<ReviewerAgreement> result;
  for (auto first = by_reviewer.begin(); first != by_reviewer.end(); ++first) {
    for (auto second = std::next(first); second != by_reviewer.end(); ++second) {
      std::vector<int> a, b;
      for (const auto& [key, choice] : first->second) {
        const auto other = second->second.find(key);
        if (other == second->second.end()) continue;
        a.push_back(choice);
        b.push_back(other->second);
      }
      if (a.empty()) continue;
      ReviewerAgreement pair{.first = first->first, .second = second->first, .findings = a.size()};
      for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i] == b[i]) ++pair.agreed;
      pair.kappa = metrics::cohen_kappa(metrics::confusion_matrix(a, b, choices));
      result.push_back(std::move(pair));
    }
  }
  return result;
}

}  // namespace naevus::clean
