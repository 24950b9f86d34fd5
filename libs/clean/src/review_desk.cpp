#include "naevus/clean/review_desk.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "naevus/base/error.hpp"
#include "naevus/clean/thumbnail.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/image/shrink.hpp"

namespace naevus::clean {
namespace {

using nlohmann::json;

std::string jpeg_of(image::Image picture, int side) {
  constexpr int quality = 88;
  const auto bytes = image::encode_jpeg(image::shrunk(std::move(picture), side), quality);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

ReviewDesk::ReviewDesk(const Workspace& workspace, std::string reviewer, const std::vector<std::string>& kinds,
                       With with)
    : workspace_(workspace),
      reviewer_(std::move(reviewer)),
      settled_(settle(workspace)),
      log_(workspace.answers()),
      labels_(settled_.original.classes()) {
  const auto known = with == With::open ? log_.answers() : std::vector<Answer>{};
  for (const std::size_t finding :
       open_findings(settled_.findings, known, reviewer_, read_policy(workspace.policy()), kinds))
    cards_.push_back({.finding = finding, .answer = std::nullopt});
  if (with == With::open) return;
  std::map<std::array<std::string, 3>, Answer> given;
  for (const Answer& answer : log_.answers())
    if (answer.reviewer == reviewer_) given[{answer.kind, answer.image, answer.other}] = answer;
  for (Card& card : cards_) {
    const Finding& finding = at(card);
    if (const auto it = given.find({finding.kind, finding.image, finding.other}); it != given.end())
      card.answer = it->second;
  }
}

std::size_t ReviewDesk::answered() const {
  return static_cast<std::size_t>(
      std::count_if(cards_.begin(), cards_.end(), [](const Card& card) { return card.answer.has_value(); }));
}

std::vector<ReviewDesk::Card>::const_iterator ReviewDesk::behind(std::optional<std::size_t> finding) const {
  if (!finding) return cards_.begin();
  return std::upper_bound(cards_.begin(), cards_.end(), *finding,
                          [](std::size_t number, const Card& card) { return number < card.finding; });
}

const ReviewDesk::Card& ReviewDesk::card(std::size_t finding) const {
  const auto it = std::lower_bound(cards_.begin(), cards_.end(), finding,
                                   [](const Card& card, std::size_t number) { return card.finding < number; });
  if (it == cards_.end() || it->finding != finding)
    throw InputError(fmt::format("there is no finding {} to be answered", finding), "finding");
  return *it;
}

bool ReviewDesk::may_be_same_lesion(const Finding& finding) const {
  return finding.other_row != no_row && finding.other_row != finding.row;
}

json ReviewDesk::session() const {
  json kinds = json::array();
  for (std::size_t i = 0; i < cards_.size(); ++i) {
    const Kind& kind = kind_of(at(cards_[i]).kind);
    if (kinds.empty() || kinds.back()["name"] != kind.name)  // findings are sorted by their kind
      kinds.push_back({{"name", kind.name}, {"title", kind.title}, {"meaning", kind.meaning}});
  }
  return {{"reviewer", reviewer_},
          {"folder", workspace_.folder().string()},
          {"labels", labels_},
          {"kinds", std::move(kinds)}};
}

json ReviewDesk::progress() const {
  json choices = json::object(), kinds = json::array();
  for (std::size_t i = 0; i < cards_.size(); ++i) {
    const std::string& name = at(cards_[i]).kind;
    if (kinds.empty() || kinds.back()["name"] != name)
      kinds.push_back({{"name", name}, {"total", 0U}, {"answered", 0U}});
    json& kind = kinds.back();
    kind["total"] = kind["total"].get<std::size_t>() + 1;
    const auto& answer = cards_[i].answer;
    if (!answer) continue;
    kind["answered"] = kind["answered"].get<std::size_t>() + 1;
    const std::string choice = to_string(answer->choice);
    choices[choice] = choices.value(choice, std::size_t{0}) + 1;
  }
  return {{"total", total()},
          {"answered", answered()},
          {"back", !trail_.empty()},
          {"choices", std::move(choices)},
          {"kinds", std::move(kinds)}};
}

json ReviewDesk::finding(std::size_t number_of_finding, const std::string& kind) const {
  const Card& asked = card(number_of_finding);
  const Finding& finding = at(asked);
  std::size_t number = 0, of = 0;
  for (const Card& each : cards_) {
    if (!kind.empty() && at(each).kind != kind) continue;
    ++of;
    if (each.finding <= asked.finding) ++number;
  }
  const auto label = [&](std::size_t row) {
    return row == no_row ? std::string("in the other manifest") : settled_.original.entries[row].label;
  };
  json images = json::array({{{"name", finding.image}, {"label", label(finding.row)}}});
  if (has_other_picture(finding)) images.push_back({{"name", finding.other}, {"label", label(finding.other_row)}});
  json answer = nullptr;
  if (const auto& given = asked.answer) answer = {{"choice", to_string(given->choice)}, {"label", given->label}};
  const Kind& about = kind_of(finding.kind);
  return {{"finding", asked.finding},
          {"number", number},
          {"of", of},
          {"kind", about.name},
          {"title", about.title},
          {"meaning", about.meaning},
          {"evidence", finding.evidence},
          {"pair", has_other_picture(finding)},
          {"same_lesion", may_be_same_lesion(finding)},
          {"images", std::move(images)},
          {"answer", std::move(answer)}};
}

json ReviewDesk::list(std::optional<std::size_t> after, const std::string& kind, std::size_t limit) const {
  json page = json::array();
  for (auto it = behind(after); it != cards_.end() && page.size() < limit; ++it)
    if (kind.empty() || at(*it).kind == kind) page.push_back(finding(it->finding, kind));
  return page;
}

std::optional<std::size_t> ReviewDesk::next(std::optional<std::size_t> after, const std::string& kind) const {
  const auto begin = static_cast<std::size_t>(behind(after) - cards_.begin());
  for (std::size_t step = 0; step < cards_.size(); ++step) {
    const Card& each = cards_[(begin + step) % cards_.size()];
    if (each.answer || after == each.finding) continue;
    if (kind.empty() || at(each).kind == kind) return each.finding;
  }
  return std::nullopt;
}

std::string ReviewDesk::picture(std::size_t number_of_finding, Which which, int side) const {
  const Finding& finding = at(card(number_of_finding));
  const auto first_path = settled_.original.image_path(settled_.original.entries[finding.row]);
  if (which == Which::first) return jpeg_of(image::load(first_path), side);
  if (!has_other_picture(finding)) throw InputError("the finding has one picture", "which");
  image::Image second = image::load(other_path(settled_.original, finding));
  if (which == Which::second_as_it_is) return jpeg_of(std::move(second), side);
  std::optional<image::Image> first;
  try {
    first = image::load(first_path);
  } catch (const Error&) {  // shown in the first one's place; the second one can still be looked at
    return jpeg_of(std::move(second), side);
  }
  return jpeg_of(turned_like(second, *first), side);
}

void ReviewDesk::answer(const json& said) {
  if (!said.is_object() || !said.contains("finding") || !said["finding"].is_number_unsigned())
    throw InputError("the answer names no finding", "finding");
  if (!said.contains("choice") || !said["choice"].is_string()) throw InputError("the answer has no choice", "choice");
  const Card& asked = card(said["finding"].get<std::size_t>());
  const Finding& finding = at(asked);
  Answer answer{.reviewer = reviewer_,
                .kind = finding.kind,
                .image = finding.image,
                .other = finding.other,
                .choice = choice_from(said["choice"].get<std::string>()),
                .label = {}};
  if (answer.choice == Choice::same_lesion && !may_be_same_lesion(finding))
    throw InputError("the finding is not about two rows of the set", "choice");
  if (answer.choice == Choice::relabel) {
    if (said.contains("label") && said["label"].is_string()) answer.label = said["label"].get<std::string>();
    if (std::find(labels_.begin(), labels_.end(), answer.label) == labels_.end())
      throw InputError(fmt::format("'{}' is none of the set's labels", answer.label), "label",
                       fmt::format("{}", fmt::join(labels_, ", ")));
  }
  log_.add(answer);
  cards_[static_cast<std::size_t>(&asked - cards_.data())].answer = std::move(answer);
  std::erase(trail_, asked.finding);
  trail_.push_back(asked.finding);
}

std::optional<std::size_t> ReviewDesk::back() {
  if (trail_.empty()) return std::nullopt;
  const std::size_t finding = trail_.back();
  trail_.pop_back();
  return finding;
}

}  // namespace naevus::clean
