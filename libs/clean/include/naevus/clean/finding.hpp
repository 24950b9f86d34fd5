#pragma once
#include <cstddef>
#include <string>
#include <vector>

/// What is wrong with a data set, found before a model finds it.
namespace naevus::clean {

/// No row of the manifest: a finding on the whole set, or a picture of another manifest.
inline constexpr std::size_t no_row = static_cast<std::size_t>(-1);

/// One thing that was found, on one picture or on a pair. Where something is to be done, `image` is the one that it is
/// done to and `other` the one that stays.
struct Finding {
  std::string kind;   ///< one of kinds()
  std::string image;  ///< as written in the manifest; empty for a finding on the whole set
  std::string other;  ///< likewise; by its path where it stands in another manifest
  double score = 0;   ///< on the kind's own scale
  std::string evidence;
  std::size_t row = no_row, other_row = no_row;  ///< of Manifest::entries
};

/// What a policy may do about a kind by itself. Nothing is ever deleted: a dropped picture is missing from the clean
/// manifest alone.
enum class Action {
  report,  ///< it is shown, and nothing is done
  drop,    ///< the finding's `image` is left out of the clean manifest
};

struct Kind {
  std::string name;     ///< "near_copy", in files and policies
  std::string title;    ///< "Near copies"
  std::string meaning;  ///< one sentence for a person
  Action standard;      ///< without a policy: only what is certain is dropped
};

/// All kinds, by falling importance.
const std::vector<Kind>& kinds();

/// @param where  names the source in the error
/// @throws UsageError naming the nearest kind if there is none of that name
const Kind& kind_of(const std::string& name, const std::string& where = {});

/// Sorts by importance of the kind, then by falling score, then by image.
void sort_findings(std::vector<Finding>& findings);

}  // namespace naevus::clean
