#include "review_desk.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "naevus/base/error.hpp"
#include "naevus/clean/thumbnail.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/image/prepare.hpp"

namespace naevus::app {
namespace {

using nlohmann::json;

std::string jpeg_of(const image::Image& picture, int side) {
  constexpr int quality = 88;
  const int longest = std::max(picture.width, picture.height);
  const auto shrunk = [&](int length) {
    return std::max(1, static_cast<int>((static_cast<std::int64_t>(length) * side + longest / 2) / longest));
  };
  const bool fits = longest <= side;
  const auto bytes = image::encode_jpeg(
      fits ? picture : image::resize(picture, shrunk(picture.width), shrunk(picture.height)), quality);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

ReviewDesk::ReviewDesk(const clean::Workspace& workspace, std::string reviewer, const std::vector<std::string>& kinds)
    : workspace_(workspace),
      reviewer_(std::move(reviewer)),
      settled_(clean::settle(workspace)),
      log_(workspace.answers()),
      labels_(settled_.original.classes()) {
  for (const std::size_t finding : clean::open_findings(settled_.findings, log_.answers(), reviewer_,
                                                        clean::read_policy(workspace.policy()), kinds))
    cards_.push_back({.finding = finding, .answer = std::nullopt});
}

std::size_t ReviewDesk::answered() const {
  return static_cast<std::size_t>(
      std::count_if(cards_.begin(), cards_.end(), [](const Card& card) { return card.answer.has_value(); }));
}

const clean::Finding& ReviewDesk::at(std::size_t index) const {
  if (index >= cards_.size())
    throw InputError(fmt::format("there is no finding {}", index), "finding", fmt::format("{} are open", total()));
  return settled_.findings[cards_[index].finding];
}

bool ReviewDesk::may_be_same_lesion(const clean::Finding& finding) const {
  return finding.other_row != clean::no_row && finding.other_row != finding.row;
}

json ReviewDesk::session() const {
  json kinds = json::array();
  for (std::size_t i = 0; i < cards_.size(); ++i) {
    const clean::Kind& kind = clean::kind_of(at(i).kind);
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
    const std::string& name = at(i).kind;
    if (kinds.empty() || kinds.back()["name"] != name)
      kinds.push_back({{"name", name}, {"total", 0U}, {"answered", 0U}});
    json& kind = kinds.back();
    kind["total"] = kind["total"].get<std::size_t>() + 1;
    const auto& answer = cards_[i].answer;
    if (!answer) continue;
    kind["answered"] = kind["answered"].get<std::size_t>() + 1;
    const std::string choice = clean::to_string(answer->choice);
    choices[choice] = choices.value(choice, std::size_t{0}) + 1;
  }
  return {{"total", total()},
          {"answered", answered()},
          {"back", !trail_.empty()},
          {"choices", std::move(choices)},
          {"kinds", std::move(kinds)}};
}

json ReviewDesk::finding(std::size_t index, const std::string& kind) const {
  const clean::Finding& finding = at(index);
  std::size_t number = 0, of = 0;
  for (std::size_t i = 0; i < cards_.size(); ++i) {
    if (!kind.empty() && at(i).kind != kind) continue;
    ++of;
    if (i <= index) ++number;
  }
  const auto label = [&](std::size_t row) {
    return row == clean::no_row ? std::string("in the other manifest") : settled_.original.entries[row].label;
  };
  json images = json::array({{{"name", finding.image}, {"label", label(finding.row)}}});
  if (clean::has_other_picture(finding))
    images.push_back({{"name", finding.other}, {"label", label(finding.other_row)}});
  json answer = nullptr;
  if (const auto& given = cards_[index].answer)
    answer = {{"choice", clean::to_string(given->choice)}, {"label", given->label}};
  const clean::Kind& about = clean::kind_of(finding.kind);
  return {{"finding", index},
          {"number", number},
          {"of", of},
          {"kind", about.name},
          {"title", about.title},
          {"meaning", about.meaning},
          {"evidence", finding.evidence},
          {"pair", clean::has_other_picture(finding)},
          {"same_lesion", may_be_same_lesion(finding)},
          {"images", std::move(images)},
          {"answer", std::move(answer)}};
}

std::optional<std::size_t> ReviewDesk::next(std::optional<std::size_t> after, const std::string& kind) const {
  const std::size_t begin = after ? *after + 1 : 0;
  for (std::size_t step = 0; step < cards_.size(); ++step) {
    const std::size_t i = (begin + step) % cards_.size();
    if (cards_[i].answer || after == i) continue;
    if (kind.empty() || at(i).kind == kind) return i;
  }
  return std::nullopt;
}

std::string ReviewDesk::picture(std::size_t index, Which which, int side) const {
  const clean::Finding& finding = at(index);
  const auto first_path = settled_.original.image_path(settled_.original.entries[finding.row]);
  if (which == Which::first) return jpeg_of(image::load(first_path), side);
  if (!clean::has_other_picture(finding)) throw InputError("the finding has one picture", "which");
  const image::Image second = image::load(clean::other_path(settled_.original, finding));
  if (which == Which::second_as_it_is) return jpeg_of(second, side);
  std::optional<image::Image> first;
  try {
    first = image::load(first_path);
  } catch (const Error&) {  // shown in the first one's place; the second one can still be looked at
    return jpeg_of(second, side);
  }
  return jpeg_of(clean::turned_like(second, *first), side);
}

void ReviewDesk::answer(const json& said) {
  if (!said.is_object() || !said.contains("finding") || !said["finding"].is_number_unsigned())
    throw InputError("the answer names no finding", "finding");
  if (!said.contains("choice") || !said["choice"].is_string()) throw InputError("the answer has no choice", "choice");
  const std::size_t index = said["finding"].get<std::size_t>();
  const clean::Finding& finding = at(index);
  clean::Answer answer{.reviewer = reviewer_,
                       .kind = finding.kind,
                       .image = finding.image,
                       .other = finding.other,
                       .choice = clean::choice_from(said["choice"].get<std::string>()),
                       .label = {}};
  if (answer.choice == clean::Choice::same_lesion && !may_be_same_lesion(finding))
    throw InputError("the finding is not about two rows of the set", "choice");
  if (answer.choice == clean::Choice::relabel) {
    if (said.contains("label") && said["label"].is_string()) answer.label = said["label"].get<std::string>();
    if (std::find(labels_.begin(), labels_.end(), answer.label) == labels_.end())
      throw InputError(fmt::format("'{}' is none of the set's labels", answer.label), "label",
                       fmt::format("{}", fmt::join(labels_, ", ")));
  }
  log_.add(answer);
  cards_[index].answer = std::move(answer);
  std::erase(trail_, index);
  trail_.push_back(index);
}

std::optional<std::size_t> ReviewDesk::back() {
  if (trail_.empty()) return std::nullopt;
  const std::size_t index = trail_.back();
  trail_.pop_back();
  return index;
}

}  // namespace naevus::app
