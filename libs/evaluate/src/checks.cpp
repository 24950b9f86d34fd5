#include "naevus/evaluate/checks.hpp"

#include <algorithm>

namespace naevus::evaluate {
namespace {

std::size_t place(const std::string& id) {
  const auto& ids = check_ids();
  return static_cast<std::size_t>(std::find(ids.begin(), ids.end(), id) - ids.begin());
}

}  // namespace

const std::vector<std::string>& check_ids() {
  static const std::vector<std::string> ids{"copies", "near_copies", "fitted_here", "lesions", "patients", "classes"};
  return ids;
}

std::string check_name(const std::string& id) {
  static const std::vector<std::string> names{"copies of training pictures", "altered copies of training pictures",
                                              "fitted on these pictures",    "lesions across parts",
                                              "patients across parts",       "classes without a case"};
  const std::size_t at = place(id);
  return at < names.size() ? names[at] : id;
}

std::string to_string(Verdict verdict) {
  return verdict == Verdict::passed ? "passed" : verdict == Verdict::failed ? "failed" : "unknown";
}

void set_check(std::vector<Check>& checks, Check check) {
  std::erase_if(checks, [&](const Check& other) { return other.id == check.id; });
  const auto at =
      std::find_if(checks.begin(), checks.end(), [&](const Check& other) { return place(other.id) > place(check.id); });
  checks.insert(at, std::move(check));
}

std::vector<std::string> failed(const std::vector<Check>& checks) {
  std::vector<std::string> ids;
  for (const Check& check : checks)
    if (check.verdict == Verdict::failed) ids.push_back(check.id);
  return ids;
}

}  // namespace naevus::evaluate
