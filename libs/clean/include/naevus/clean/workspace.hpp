#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "naevus/clean/decision.hpp"
#include "naevus/clean/finding.hpp"
#include "naevus/clean/policy.hpp"
#include "naevus/clean/review.hpp"
#include "naevus/dataset/manifest.hpp"

namespace naevus::clean {

/// The folder that a cleaning writes and that review and undo go on with:
///
/// - original.csv   the manifest as it was; all other files name its images as it does
/// - policy.toml    what acted by itself
/// - issues.csv     one row per finding: `kind,image,other,score,evidence,action,row,other_row`
/// - answers.csv    what reviewers said (AnswerLog)
/// - decisions.csv  what was decided, with the reason
/// - clean.csv      the manifest after the decisions
/// - report.html    all of it for a person
class Workspace {
 public:
  explicit Workspace(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path original() const { return folder_ / "original.csv"; }
  std::filesystem::path policy() const { return folder_ / "policy.toml"; }
  std::filesystem::path issues() const { return folder_ / "issues.csv"; }
  std::filesystem::path answers() const { return folder_ / "answers.csv"; }
  std::filesystem::path decisions() const { return folder_ / "decisions.csv"; }
  std::filesystem::path clean() const { return folder_ / "clean.csv"; }
  std::filesystem::path report() const { return folder_ / "report.html"; }
  std::filesystem::path journal() const { return folder_ / "work" / "measured.bin"; }

  /// @throws IoError if this is no folder that `naevus clean` wrote
  void check() const;

 private:
  std::filesystem::path folder_;
};

/// @param decisions  give the column `action`: drop, relabel or join where it was done (for another finding's sake
/// too), undone, or report
void write_issues(const std::vector<Finding>& findings, const std::vector<Decision>& decisions,
                  const std::filesystem::path& path);
/// @throws IoError; InputError with the line
std::vector<Finding> read_issues(const std::filesystem::path& path);

/// What the decisions leave of a set.
struct Settled {
  dataset::Manifest original, clean;
  std::vector<Finding> findings;
  std::vector<Decision> decisions;
};

/// Whether there is another picture than the finding's own to show beside it.
bool has_other_picture(const Finding& finding);

/// Where Finding::other lies: a row's picture, or one of another manifest.
/// @param manifest  the one that the finding's rows are of
std::filesystem::path other_path(const dataset::Manifest& manifest, const Finding& finding);

/// Decides anew from the folder's policy, findings, answers and undone decisions, and writes issues.csv, decisions.csv
/// and clean.csv.
/// @throws IoError, InputError
Settled settle(const Workspace& workspace);

/// The same with decisions given, as undo changes them.
Settled settle(const Workspace& workspace, const std::vector<Decision>& earlier);

}  // namespace naevus::clean
