#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace naevus::evaluate {

enum class Verdict : std::uint8_t { passed, failed, unknown };

/// Whether a test result can be believed: one question, answered before any score is shown.
struct Check {
  std::string id;  ///< one of check_ids()
  Verdict verdict = Verdict::unknown;
  std::string text;                   ///< a sentence: what was found, or why nothing could be
  std::uint64_t count = 0;            ///< pictures, lesions, patients or classes that were found
  std::vector<std::string> examples;  ///< some of them; at most 20
};

/// In the order in which they are shown:
/// `copies`         test pictures that are training pictures, pixel by pixel, by the hashes in the model's card
/// `near_copies`    the same photograph again, altered: recompressed, cropped, turned
/// `fitted_here`    temperature or thresholds that were fitted on these pictures
/// `lesions`, `patients`  that stand in another part too
/// `classes`        of the model that have no case here
const std::vector<std::string>& check_ids();

/// "copies of training pictures", ...: what a check looks for.
std::string check_name(const std::string& id);

std::string to_string(Verdict verdict);  ///< "passed", "failed", "unknown"

/// Puts a check in its place among the others; one of the same id is replaced.
void set_check(std::vector<Check>& checks, Check check);

/// Ids of the checks that failed.
std::vector<std::string> failed(const std::vector<Check>& checks);

}  // namespace naevus::evaluate
