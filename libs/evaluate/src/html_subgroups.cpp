#include <fmt/format.h>

#include "html_parts.hpp"
#include "naevus/base/progress.hpp"
#include "words.hpp"

namespace naevus::evaluate::html {
namespace {

std::string marked(const Subgroups& subgroups, std::size_t group, std::size_t score) {
  std::string text = words::estimate(subgroups.groups[group].score[score]);
  for (const Gap& gap : subgroups.gaps) {
    if (static_cast<std::size_t>(gap.score) != score) continue;
    if (gap.best == group) text.insert(0, "↑ ");
    if (gap.worst == group) text.insert(0, "↓ ");
  }
  return two_lines(std::move(text));
}

void add_property(report::Page& page, const Subgroups& subgroups, std::size_t all_classes) {
  report::Table table{.caption = fmt::format("By {}. {}", subgroups.by, subgroups.note),
                      .columns = {subgroups.by, "pictures", "malignant"},
                      .rows = {}};
  for (std::size_t s = 0; s < group_scores; ++s) table.columns.push_back(words::score_name(static_cast<GroupScore>(s)));
  for (std::size_t g = 0; g < subgroups.groups.size(); ++g) {
    const Group& group = subgroups.groups[g];
    std::vector<std::string> row{group.name, grouped(group.pictures), grouped(group.malignant)};
    for (std::size_t s = 0; s < group_scores; ++s) row.push_back(marked(subgroups, g, s));
    if (group.classes < all_classes)
      row[3 + static_cast<std::size_t>(GroupScore::balanced_accuracy)] += fmt::format(" of {}", group.classes);
    table.rows.push_back(std::move(row));
  }
  page.add(table);
  for (const Gap& gap : subgroups.gaps)
    page.paragraph(fmt::format("Largest gap in {}: {} less {}, {}.", words::score_name(gap.score),
                               subgroups.groups[gap.best].name, subgroups.groups[gap.worst].name,
                               words::estimate(gap.difference)));
  if (subgroups.unknown > 0) page.paragraph(fmt::format("Not known of {} pictures.", grouped(subgroups.unknown)));
}

}  // namespace

void add_subgroups(report::Page& page, const Evaluation& evaluation) {
  if (evaluation.subgroups.empty()) return;
  std::size_t gaps = 0;
  for (const Subgroups& subgroups : evaluation.subgroups) gaps += subgroups.gaps.size();
  page.heading("Subgroups")
      .paragraph(fmt::format(
          "↑ and ↓ mark the largest gap of each score, among groups with at least ten pictures that the score rests "
          "on. {} "
          "gaps were looked at: some differ from 0 by chance, and each was chosen because it is large. Balanced "
          "accuracy is "
          "over the classes that a group has; where it lacks some, their number stands below and the group takes no "
          "part in "
          "the gap. Malignant AUC, sensitivity and specificity are of the malignant classes against the others.",
          gaps));
  for (const Subgroups& subgroups : evaluation.subgroups) add_property(page, subgroups, evaluation.classes.size());
}

}  // namespace naevus::evaluate::html
