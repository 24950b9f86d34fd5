#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>

#include "context.hpp"
#include "naevus/evaluate/skin_tone.hpp"
#include "naevus/metrics/confusion.hpp"
#include "naevus/metrics/ranked_scores.hpp"
#include "naevus/metrics/roc.hpp"

namespace naevus::evaluate {
namespace {

constexpr std::uint64_t fewest_for_a_gap = 10;

/// A property of the pictures: the names of its groups in order, and how to find one. An empty name: not known.
struct Property {
  std::string by, note;
  std::vector<std::string> order;  ///< empty: alphabetical
  std::function<std::string(const Case&)> group_of;
};

std::string age_band(const Case& item) {
  double age = 0;
  const auto [end, error] = std::from_chars(item.age.data(), item.age.data() + item.age.size(), age);
  if (error != std::errc() || end != item.age.data() + item.age.size() || !(age >= 0 && age <= 130)) return {};
  return age < 30 ? "below 30" : age < 45 ? "30 to 44" : age < 60 ? "45 to 59" : age < 75 ? "60 to 74" : "75 and above";
}

std::string size_band(const Case& item) {
  if (!item.lesion_area) return {};
  const double area = *item.lesion_area;
  return area < 0.1 ? "below 10 %" : area < 0.25 ? "10 to 25 %" : area < 0.5 ? "25 to 50 %" : "50 % and above";
}

std::string known(const std::string& value) {
  return value == "unknown" ? std::string() : value;
}

std::vector<Property> properties() {
  return {
      {"age",
       "Years, as the manifest has them.",
       {"below 30", "30 to 44", "45 to 59", "60 to 74", "75 and above"},
       age_band},
      {"sex", "As the manifest has it.", {}, [](const Case& item) { return known(item.sex); }},
      {"site", "As the manifest has it.", {}, [](const Case& item) { return known(item.site); }},
      {"source",
       "Where the pictures come from, as the manifest has it.",
       {},
       [](const Case& item) { return known(item.source); }},
      {"skin tone",
       "Individual typology angle of the skin around the lesion, estimated from the picture: very light above 55°, "
       "light "
       "above 41°, intermediate above 28°, tan above 10°, brown above −30°, else dark. It measures the picture, not "
       "the "
       "person: light, dermatoscope, white balance and exposure shift it, and none of them is calibrated.",
       skin_tones(), [](const Case& item) { return item.skin_angle ? skin_tone(*item.skin_angle) : std::string(); }},
      {"lesion size",
       "Share of the picture that the lesion covers, by an automatic outline. Not millimetres: the magnification is "
       "not "
       "known.",
       {"below 10 %", "10 to 25 %", "25 to 50 %", "50 % and above"},
       size_band},
  };
}

/// The cases of one group, by which its scores are computed in resamples.
struct Members {
  std::vector<std::uint32_t> index;
  std::vector<int> truth, called;
  std::vector<std::uint8_t> malignant;
  std::vector<double> share;
  std::vector<std::uint32_t> cluster;

  std::vector<std::uint32_t> of(Weights weight) const {
    std::vector<std::uint32_t> own;
    if (weight.empty()) return own;
    own.reserve(index.size());
    for (const std::uint32_t i : index) own.push_back(weight[i]);
    return own;
  }
};

Members members_of(const Context& context, const std::vector<std::uint8_t>& among) {
  Members members;
  for (std::size_t i = 0; i < among.size(); ++i) {
    if (among[i] == 0) continue;
    members.index.push_back(static_cast<std::uint32_t>(i));
    members.truth.push_back(context.truth[i]);
    members.called.push_back(context.called[i]);
    if (!context.malignant.empty()) {
      members.malignant.push_back(context.malignant[i]);
      members.share.push_back(context.share[i]);
    }
    if (context.units.clustered()) members.cluster.push_back(context.units.of[i]);
  }
  return members;
}

/// A group while its intervals are drawn.
struct GroupPlan {
  Group group;
  Members members;
  std::array<Score, group_scores> score;            ///< empty where there is none
  std::array<std::uint64_t, group_scores> cases{};  ///< pictures that each rests on
  std::array<std::optional<Share>, group_scores> share;
  std::size_t balanced = 0;  ///< its place in the resamples
};

std::vector<std::uint8_t> both(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
  std::vector<std::uint8_t> result(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) result[i] = a[i] != 0 && b[i] != 0 ? 1 : 0;
  return result;
}

void add(GroupPlan& plan, GroupScore which, const Context& context, Resampled& resampled,
         const std::vector<std::uint8_t>& among, const std::vector<std::uint8_t>& hit) {
  const auto at = static_cast<std::size_t>(which);
  plan.share[at] = add_share(context, resampled, among, hit);
  plan.cases[at] = plan.share[at]->index.size();
  plan.score[at] = [share = *plan.share[at]](Weights weight) { return share.of(weight); };
}

void add_balanced(GroupPlan& plan, const Context& context, Resampled& resampled) {
  const auto calls = std::make_shared<metrics::SortedCalls>(plan.members.truth, plan.members.called, context.classes);
  const auto at = static_cast<std::size_t>(GroupScore::balanced_accuracy);
  plan.score[at] = [calls, members = plan.members](Weights weight) {
    return metrics::balanced_accuracy(calls->matrix(members.of(weight)));
  };
  plan.balanced = resampled.add(plan.score[at]);
  // Means over different classes can't be compared; a class with few pictures moves the mean by much.
  const auto matrix = calls->matrix();
  std::uint64_t fewest = matrix.total();
  for (std::size_t c = 0; c < context.classes; ++c) {
    if (matrix.truths(c) > 0) ++plan.group.classes;
    fewest = std::min(fewest, matrix.truths(c));
  }
  plan.cases[at] = fewest;
}

void add_area(GroupPlan& plan) {
  const auto ranked = std::make_shared<metrics::RankedScores>(plan.members.share, plan.members.malignant);
  const auto at = static_cast<std::size_t>(GroupScore::malignant_auc);
  plan.score[at] = [ranked, members = plan.members](Weights weight) { return ranked->auc(members.of(weight)); };
  plan.cases[at] = std::min(plan.group.malignant, plan.group.pictures - plan.group.malignant);
}

GroupPlan plan_group(const Context& context, Resampled& resampled, const std::string& name,
                     const std::vector<std::uint8_t>& among) {
  GroupPlan plan;
  plan.group.name = name;
  plan.members = members_of(context, among);
  plan.group.pictures = plan.members.index.size();
  plan.group.members = plan.members.index;
  std::vector<std::uint8_t> right;
  for (std::size_t i = 0; i < context.cases; ++i) right.push_back(context.truth[i] == context.called[i] ? 1 : 0);
  add(plan, GroupScore::accuracy, context, resampled, among, right);
  add_balanced(plan, context, resampled);
  if (context.malignant.empty()) return plan;
  plan.group.malignant =
      static_cast<std::uint64_t>(std::count(plan.members.malignant.begin(), plan.members.malignant.end(), 1));
  add_area(plan);
  const auto& threshold = context.predictions.malignant_threshold;
  if (!threshold) return plan;
  std::vector<std::uint8_t> called, passed, benign;
  for (std::size_t i = 0; i < context.cases; ++i) {
    called.push_back(context.share[i] >= *threshold ? 1 : 0);
    passed.push_back(called.back() == 0 ? 1 : 0);
    benign.push_back(context.malignant[i] == 0 ? 1 : 0);
  }
  add(plan, GroupScore::sensitivity, context, resampled, both(among, context.malignant), called);
  add(plan, GroupScore::specificity, context, resampled, both(among, benign), passed);
  return plan;
}

/// The two groups that are farthest apart, and the place of their difference in the resamples.
struct GapPlan {
  GroupScore score;
  std::size_t best, worst, place;
};

std::vector<GapPlan> plan_gaps(const std::vector<GroupPlan>& plans, Resampled& resampled) {
  std::vector<GapPlan> gaps;
  for (std::size_t s = 0; s < group_scores; ++s) {
    std::optional<std::size_t> best, worst;
    const auto value = [&](std::size_t i) { return *plans[i].score[s]({}); };
    for (std::size_t i = 0; i < plans.size(); ++i) {
      if (!plans[i].score[s] || plans[i].cases[s] < fewest_for_a_gap) continue;
      if (!best || value(i) > value(*best)) best = i;
      if (!worst || value(i) < value(*worst)) worst = i;
    }
    if (!best || *best == *worst) continue;
    const std::size_t place = resampled.add(
        [high = plans[*best].score[s], low = plans[*worst].score[s]](Weights weight) -> std::optional<double> {
          const auto a = high(weight), b = low(weight);
          return a && b ? std::optional(*a - *b) : std::nullopt;
        });
    gaps.push_back({static_cast<GroupScore>(s), *best, *worst, place});
  }
  return gaps;
}

/// One property while its intervals are drawn.
struct Plan {
  Subgroups subgroups;
  std::vector<GroupPlan> groups;
  std::vector<GapPlan> gaps;
};

std::optional<Plan> plan_of(const Context& context, Resampled& resampled, const Property& property) {
  std::vector<std::string> group;
  std::vector<std::string> names = property.order;
  for (const Case& item : context.predictions.cases) {
    group.push_back(property.group_of(item));
    if (property.order.empty() && !group.back().empty()) names.push_back(group.back());
  }
  if (property.order.empty()) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
  }
  constexpr std::size_t most_groups = 30;  // a column with a value for each picture is no property
  if (names.size() > most_groups) return std::nullopt;
  Plan plan{
      .subgroups = {.by = property.by, .note = property.note, .groups = {}, .gaps = {}}, .groups = {}, .gaps = {}};
  for (const std::string& name : names) {
    std::vector<std::uint8_t> among;
    for (const std::string& own : group) among.push_back(own == name ? 1 : 0);
    if (std::find(among.begin(), among.end(), 1) != among.end())
      plan.groups.push_back(plan_group(context, resampled, name, among));
  }
  if (plan.groups.size() < 2) return std::nullopt;
  plan.subgroups.unknown = static_cast<std::uint64_t>(std::count(group.begin(), group.end(), std::string()));
  plan.gaps = plan_gaps(plan.groups, resampled);
  return plan;
}

Subgroups filled(const Context& context, const Resampled& drawn, const Plan& plan) {
  Subgroups result = plan.subgroups;
  for (const GroupPlan& own : plan.groups) {
    Group group = own.group;
    for (std::size_t s = 0; s < group_scores; ++s)
      if (own.share[s]) group.score[s] = estimate(context, drawn, *own.share[s]);
    group.score[static_cast<std::size_t>(GroupScore::balanced_accuracy)] = drawn.estimate(own.balanced);
    if (!own.members.malignant.empty())
      group.score[static_cast<std::size_t>(GroupScore::malignant_auc)] =
          area(own.members.share, own.members.malignant, own.members.cluster, context.level);
    result.groups.push_back(std::move(group));
  }
  for (const GapPlan& gap : plan.gaps)
    result.gaps.push_back({gap.score, gap.best, gap.worst, drawn.estimate(gap.place)});
  return result;
}

}  // namespace

std::string_view to_string(GroupScore score) {
  switch (score) {
    case GroupScore::accuracy:
      return "accuracy";
    case GroupScore::balanced_accuracy:
      return "balanced_accuracy";
    case GroupScore::malignant_auc:
      return "malignant_auc";
    case GroupScore::sensitivity:
      return "sensitivity";
    case GroupScore::specificity:
      return "specificity";
  }
  return "";
}

Fill plan_subgroups(const Context& context, Resampled& resampled) {
  std::vector<Plan> plans;
  for (const Property& property : properties())
    if (auto plan = plan_of(context, resampled, property)) plans.push_back(std::move(*plan));
  return [plans = std::move(plans), &context](const Resampled& drawn, Evaluation& result) {
    for (const Plan& plan : plans) result.subgroups.push_back(filled(context, drawn, plan));
  };
}

}  // namespace naevus::evaluate
