#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "naevus/clean/finding.hpp"
#include "naevus/clean/policy.hpp"
#include "naevus/dataset/manifest.hpp"

namespace naevus::clean {

/// A person's answer to a finding.
enum class Choice { keep, drop, relabel, same_lesion, not_sure };
std::string to_string(Choice choice);
/// @throws InputError
Choice choice_from(const std::string& text);

struct Answer {
  std::string reviewer;
  std::string kind, image, other;  ///< of the finding
  Choice choice = Choice::not_sure;
  std::string label;  ///< with relabel
};

/// What was decided about one picture, with its reason. All of them together turn the manifest into the clean one.
struct Decision {
  enum class What { drop, relabel, join };  ///< join: `image` gets the lesion_id of `other`
  What what = What::drop;
  std::string image, other;
  std::string value;  ///< the new label or lesion_id
  std::string was;    ///< the old one
  std::string kind;   ///< of the finding that is the reason
  std::string evidence;
  std::string by;                                ///< "policy", or the reviewer's name
  std::size_t row = no_row, other_row = no_row;  ///< of Manifest::entries
  bool undone = false;                           ///< it is remembered, and not carried out
};
std::string to_string(Decision::What what);

/// The policy's and the people's decisions. An answer goes before the policy; where two people's answers to a finding
/// differ, neither is carried out and the policy's action neither. A picture is dropped, relabelled or joined once: the
/// first finding (sort_findings) is the reason.
/// @param findings  sorted
/// @param undone    decisions of an earlier run that were undone: the same ones (what, image, kind, other) stay undone
std::vector<Decision> decide(const dataset::Manifest& manifest, const std::vector<Finding>& findings,
                             const Policy& policy, const std::vector<Answer>& answers,
                             const std::vector<Decision>& undone);

/// The manifest after the decisions that are not undone.
dataset::Manifest cleaned(const dataset::Manifest& manifest, const std::vector<Decision>& decisions);

/// decisions.csv: columns `action,image,value,was,kind,other,evidence,by,row,other_row,state`; rows count
/// from 1, without the header.
void write_decisions(const std::vector<Decision>& decisions, const std::filesystem::path& path);
/// @throws IoError; InputError with the line
std::vector<Decision> read_decisions(const std::filesystem::path& path);

}  // namespace naevus::clean
