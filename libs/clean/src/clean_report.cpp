#include "naevus/clean/clean_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/clean/thumbnail.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/shrink.hpp"
#include "naevus/report/page.hpp"

namespace naevus::clean {
namespace {

namespace fs = std::filesystem;

/// One finding as it is shown.
struct Card {
  std::size_t finding = 0;
  report::Picture picture;
  bool pair = false;
};

std::string short_name(const std::string& image) {
  return fs::path(image).filename().string();
}

std::optional<image::Image> picture_at(const fs::path& path) {
  try {
    return image::load(path);
  } catch (const Error&) {  // the page goes on without it: that it can't be read is a finding of its own
    return std::nullopt;
  }
}

std::string described(const dataset::Manifest& manifest, const Finding& finding) {
  const auto label = [&](std::size_t row) {
    return row == no_row || manifest.entries[row].label.empty() ? std::string("no label") : manifest.entries[row].label;
  };
  if (finding.other.empty()) return fmt::format("{} ({})", short_name(finding.image), label(finding.row));
  return fmt::format("{} ({}) · {} ({})", short_name(finding.image), label(finding.row), short_name(finding.other),
                     label(finding.other_row));
}

/// Pictures by file, shrunk; nothing where one can't be read.
using Pictures = std::map<fs::path, std::optional<image::Image>>;

constexpr int card_side = 160;

Card card_of(const dataset::Manifest& manifest, const Finding& finding, std::size_t index, const Pictures& pictures) {
  Card card{.finding = index, .picture = {}, .pair = has_other_picture(finding)};
  card.picture.alternative = fmt::format("{}: {}", kind_of(finding.kind).title, described(manifest, finding));
  card.picture.caption = {described(manifest, finding), finding.evidence};
  const auto& first = pictures.at(manifest.image_path(manifest.entries[finding.row]));
  if (!first) return card;
  card.picture.jpeg =
      thumbnail(*first, card.pair ? pictures.at(other_path(manifest, finding)) : std::nullopt, card_side);
  return card;
}

/// Those of the findings, each decoded once: a picture of one kind is often one of another too.
Pictures pictures_of(const Settled& settled, const std::vector<std::size_t>& findings, WorkerPool& pool,
                     const StopToken& stop) {
  Pictures pictures;
  for (const std::size_t i : findings) {
    const Finding& finding = settled.findings[i];
    pictures[settled.original.image_path(settled.original.entries[finding.row])];
    if (has_other_picture(finding)) pictures[other_path(settled.original, finding)];
  }
  std::vector<Pictures::value_type*> all;
  for (auto& one : pictures) all.push_back(&one);
  pool.for_each(all.size(), [&](std::size_t i) {
    stop.check();
    if (const auto picture = picture_at(all[i]->first)) all[i]->second = image::shrunk(*picture, card_side);
  });
  return pictures;
}

struct KindFindings {
  std::vector<std::size_t> all;    ///< indices of findings
  std::vector<std::size_t> shown;  ///< those with a picture that are shown
  std::size_t dropped = 0;         ///< pictures that were left out for this kind's sake
};

std::map<std::string, KindFindings> by_kind(const Settled& settled, std::size_t limit) {
  std::map<std::string, KindFindings> result;
  for (std::size_t i = 0; i < settled.findings.size(); ++i) {
    const Finding& finding = settled.findings[i];
    KindFindings& kind = result[finding.kind];
    kind.all.push_back(i);
    if (finding.row != no_row && kind.shown.size() < limit) kind.shown.push_back(i);
  }
  for (const Decision& decision : settled.decisions)
    if (!decision.undone && decision.what == Decision::What::drop) ++result[decision.kind].dropped;
  return result;
}

std::vector<Card> cards_of(const Settled& settled, const std::map<std::string, KindFindings>& kinds, WorkerPool& pool,
                           const StopToken& stop) {
  std::vector<std::size_t> wanted;
  for (const auto& [name, kind] : kinds)
    if (name != "unreadable") wanted.insert(wanted.end(), kind.shown.begin(), kind.shown.end());
  const Pictures pictures = pictures_of(settled, wanted, pool, stop);
  std::vector<Card> cards(wanted.size());
  Progress progress("report", wanted.size());
  pool.for_each(wanted.size(), [&](std::size_t i) {
    stop.check();
    cards[i] = card_of(settled.original, settled.findings[wanted[i]], wanted[i], pictures);
    progress.advance();
  });
  return cards;
}

report::Table totals(const std::map<std::string, KindFindings>& by_name) {
  report::Table table{.caption = "All kinds of findings, the most important first",
                      .columns = {"kind", "findings", "left out", "what it means"},
                      .rows = {}};
  for (const Kind& kind : kinds()) {
    const auto found = by_name.find(kind.name);
    if (found == by_name.end()) continue;
    table.rows.push_back({kind.title, grouped(found->second.all.size()), grouped(found->second.dropped), kind.meaning});
  }
  return table;
}

report::Table classes(const Settled& settled) {
  std::map<std::string, std::pair<std::size_t, std::size_t>> counts;
  for (const auto& entry : settled.original.entries) ++counts[entry.label].first;
  for (const auto& entry : settled.clean.entries) ++counts[entry.label].second;
  report::Table table{.caption = "Pictures of each class", .columns = {"class", "before", "after"}, .rows = {}};
  for (const auto& [label, count] : counts)
    table.rows.push_back({label.empty() ? "no label" : label, grouped(count.first), grouped(count.second)});
  return table;
}

std::size_t count_of(const std::map<std::string, KindFindings>& kinds, const char* name) {
  const auto found = kinds.find(name);
  return found == kinds.end() ? 0 : found->second.all.size();
}

void add_figures(report::Page& page, const Settled& settled, const ReportParts& parts,
                 const std::map<std::string, KindFindings>& kinds) {
  const std::size_t before = settled.original.entries.size(), after = settled.clean.entries.size();
  page.add(std::vector<report::Figure>{
      {"pictures", grouped(before), fmt::format("{} stay in clean.csv", grouped(after))},
      {"left out", grouped(before - after), "undo: naevus clean undo"},
      {"leaks between parts", grouped(count_of(kinds, "leak")), ""},
      {"contradictory labels", grouped(count_of(kinds, "contradictory_label")), "pictures"},
      {"groups of copies", grouped(parts.copy_groups), ""},
      {"unreadable", grouped(count_of(kinds, "unreadable")), ""},
  });
}

void add_kind(report::Page& page, const Kind& kind, const KindFindings& found, const Settled& settled,
              const std::map<std::size_t, const Card*>& cards) {
  page.heading(fmt::format("{} ({})", kind.title, grouped(found.all.size()))).paragraph(kind.meaning);
  report::Gallery gallery;
  std::vector<std::string> lines;
  std::size_t told = 0;
  constexpr std::size_t most_lines = 48;
  for (const std::size_t i : found.all) {
    const auto card = cards.find(i);
    if (card != cards.end() && !card->second->picture.jpeg.empty()) {
      gallery.pictures.push_back(card->second->picture);
      gallery.wide = gallery.wide || card->second->pair;
      ++told;
    } else if ((card != cards.end() || settled.findings[i].row == no_row || kind.name == "unreadable") &&
               lines.size() < most_lines) {
      const Finding& finding = settled.findings[i];
      lines.push_back(finding.image.empty() ? finding.evidence
                                            : fmt::format("{}: {}", finding.image, finding.evidence));
      ++told;
    }
  }
  if (!lines.empty()) page.list(lines);
  if (!gallery.pictures.empty()) page.add(gallery);
  if (told < found.all.size())
    page.paragraph(fmt::format("and {} more, all of them in issues.csv", grouped(found.all.size() - told)));
}

}  // namespace

std::string report_page(const Settled& settled, const ReportParts& parts, WorkerPool& pool, const StopToken& stop) {
  const auto by_name = by_kind(settled, parts.pictures_per_kind);
  const std::vector<Card> cards = cards_of(settled, by_name, pool, stop);
  std::map<std::size_t, const Card*> card_by_finding;
  for (const Card& card : cards) card_by_finding.emplace(card.finding, &card);

  report::Page page(parts.title, fmt::format("{} pictures, {} findings", grouped(settled.original.entries.size()),
                                             grouped(settled.findings.size())));
  add_figures(page, settled, parts, by_name);
  for (const std::string& warning : parts.warnings) page.warning(warning);
  page.contents();
  page.heading("Totals");
  if (settled.findings.empty()) page.paragraph("Nothing was found.");
  if (!settled.findings.empty()) page.add(totals(by_name));
  page.add(classes(settled));
  if (!parts.not_done.empty()) {
    page.paragraph("Not looked for:");
    page.list(parts.not_done);
  }
  for (const Kind& kind : kinds()) {
    const auto found = by_name.find(kind.name);
    if (found != by_name.end()) add_kind(page, kind, found->second, settled, card_by_finding);
  }
  if (!parts.tables.empty()) page.heading("The set in tables");
  for (const report::Table& table : parts.tables) page.add(table);
  page.heading("What to do with it")
      .list({"naevus clean review FOLDER: answer the open findings one by one",
             "naevus clean undo FOLDER --kind KIND (or --image IMAGE, --all): take decisions back",
             "naevus split FOLDER/clean.csv -o split.csv: go on; copies stay together"});
  return page.html("Pictures may be of patients: treat this page as such. Research software. Not a diagnosis.");
}

}  // namespace naevus::clean
