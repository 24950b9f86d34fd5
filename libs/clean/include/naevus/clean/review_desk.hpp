#pragma once
#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "naevus/clean/review.hpp"
#include "naevus/clean/workspace.hpp"

namespace naevus::clean {

/// What one reviewer may answer of a cleaning's findings, in their order, and what they did answer. A finding is named
/// by its place in issues.csv, from 0. All JSON is made here.
class ReviewDesk {
 public:
  enum class Which {
    first,
    second,           ///< turned as the first one lies
    second_as_it_is,  ///< of a pair that needs turning
  };

  enum class With {
    open,      ///< what this reviewer has not answered when the desk is set up
    answered,  ///< what they have answered before, too
  };

  /// @param kinds  as open_findings
  /// @throws IoError, InputError
  ReviewDesk(const Workspace& workspace, std::string reviewer, const std::vector<std::string>& kinds,
             With with = With::open);

  std::size_t total() const { return cards_.size(); }
  std::size_t answered() const;

  /// `{reviewer, folder, labels: [..], kinds: [{name, title, meaning}]}`: what does not change.
  nlohmann::json session() const;

  /// `{total, answered, back: bool, choices: {keep: n, ..}, kinds: [{name, total, answered}]}`.
  nlohmann::json progress() const;

  /// `{finding, number, of, kind, title, meaning, evidence, pair, same_lesion, images: [{name, label}],
  /// answer: null | {choice, label}}`; `number` of `of`, from 1, among those of the kind that was asked for.
  /// @throws InputError if there is no such finding
  nlohmann::json finding(std::size_t finding, const std::string& kind) const;

  /// At most `limit` of them behind that one, as finding() gives them.
  /// @param after  nothing: from the first one on
  nlohmann::json list(std::optional<std::size_t> after, const std::string& kind, std::size_t limit) const;

  /// The next finding without an answer behind this one, from the front again after the last; never this one itself.
  /// @param after  nothing: from the first one on
  /// @param kind   only of this kind; empty: of any
  std::optional<std::size_t> next(std::optional<std::size_t> after, const std::string& kind) const;

  /// A JPEG, at most `side` pixels wide and high.
  /// @throws IoError, InputError if the picture can't be read, or there is no such finding or second picture
  std::string picture(std::size_t finding, Which which, int side) const;

  /// Takes `{finding, choice, label}`: the answer is in the log when this returns. A newer one replaces an older one.
  /// @throws InputError if it makes no sense; IoError if it was not kept
  void answer(const nlohmann::json& said);

  /// The finding that was answered last, to be answered anew; each call goes one further back.
  std::optional<std::size_t> back();

 private:
  struct Card {
    std::size_t finding = 0;  ///< of Settled::findings
    std::optional<Answer> answer;
  };
  const Finding& at(const Card& card) const { return settled_.findings[card.finding]; }
  std::vector<Card>::const_iterator behind(std::optional<std::size_t> finding) const;
  const Card& card(std::size_t finding) const;
  bool may_be_same_lesion(const Finding& finding) const;

  Workspace workspace_;
  std::string reviewer_;
  Settled settled_;
  AnswerLog log_;
  std::vector<std::string> labels_;
  std::vector<Card> cards_;
  std::vector<std::size_t> trail_;  ///< answered findings, the last one at the end
};

}  // namespace naevus::clean
