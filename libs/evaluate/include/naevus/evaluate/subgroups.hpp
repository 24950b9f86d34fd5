#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "naevus/evaluate/estimate.hpp"

namespace naevus::evaluate {

/// The scores of a group: accuracy, balanced accuracy over the classes it has, area under the ROC curve of malignant
/// against the rest, and sensitivity and specificity at the model's threshold.
enum class GroupScore : std::uint8_t { accuracy, balanced_accuracy, malignant_auc, sensitivity, specificity };
constexpr std::size_t group_scores = 5;
std::string_view to_string(GroupScore score);  ///< "accuracy", "balanced_accuracy", ...

struct Group {
  std::string name;  ///< "45 to 59", "female"
  std::uint64_t pictures = 0, malignant = 0;
  std::size_t classes = 0;             ///< that have pictures in it
  std::vector<std::uint32_t> members;  ///< indices of Predictions::cases
  std::array<Estimate, group_scores> score;
};

/// The largest difference of a score between two groups that each have at least ten pictures that it rests on.
struct Gap {
  GroupScore score = GroupScore::accuracy;
  std::size_t best = 0, worst = 0;  ///< of Subgroups::groups
  Estimate difference;              ///< best less worst, as the same resamples give it
};

/// The pictures by one property.
struct Subgroups {
  std::string by;    ///< "age", "sex", "site", "source", "skin tone", "lesion size"
  std::string note;  ///< how the groups were made, and what they can't say
  std::vector<Group> groups;
  std::uint64_t unknown = 0;  ///< pictures whose group is not known
  std::vector<Gap> gaps;      ///< of each score for which there is one
};

}  // namespace naevus::evaluate
