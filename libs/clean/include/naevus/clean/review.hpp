#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "naevus/base/file.hpp"
#include "naevus/clean/decision.hpp"
#include "naevus/clean/finding.hpp"
#include "naevus/clean/policy.hpp"
#include "naevus/metrics/agreement.hpp"

namespace naevus::clean {

/// The answers in a log; none where there is no such file.
/// @throws IoError; InputError with the line
std::vector<Answer> read_answers(const std::filesystem::path& path);

/// The answers of all reviewers: a CSV that only grows (`time,reviewer,kind,image,other,answer,label`). Each answer is
/// in the file when add() returns. A line that a crash tore off is passed over.
class AnswerLog {
 public:
  /// @throws IoError; InputError with the line
  explicit AnswerLog(const std::filesystem::path& path);

  const std::vector<Answer>& answers() const { return answers_; }
  /// @throws IoError if the answer is not in the file; it can be given again
  void add(const Answer& answer);

 private:
  std::filesystem::path path_;
  std::vector<Answer> answers_;
  AppendFile file_;
};

/// Findings that a person may still answer: on a picture or a pair, not yet answered by this reviewer; in their order.
/// @param kinds  only these; empty: all but what the policy settles by itself
std::vector<std::size_t> open_findings(const std::vector<Finding>& findings, const std::vector<Answer>& answers,
                                       const std::string& reviewer, const Policy& policy,
                                       const std::vector<std::string>& kinds);

/// Two reviewers on the findings that both answered.
struct ReviewerAgreement {
  std::string first, second;
  std::size_t findings = 0, agreed = 0;
  std::optional<metrics::Agreement> kappa;  ///< Cohen's; nothing where it is not defined
};

/// Every pair of reviewers with a finding in common.
std::vector<ReviewerAgreement> agreements(const std::vector<Answer>& answers);

}  // namespace naevus::clean
