#include "naevus/dataset/split.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/copies/union_find.hpp"

namespace naevus::dataset {
namespace {

constexpr std::array parts{Part::train, Part::validation, Part::test};

/// Images that must stay together.
struct Group {
  std::vector<std::size_t> members;
  std::map<std::size_t, double> classes;  // class index to images
  std::string order;                      // seeded shuffle key; the least of its members'
};

/// A key that shuffles by the seed and depends on the image's name alone, so that it stays when rows or folders move.
std::string shuffle_key(const Entry& entry, std::uint64_t seed) {
  const std::string name = std::filesystem::path(entry.image).filename().string();
  return hash_hex(as_bytes(fmt::format("{}/{}", seed, name))) + entry.label + entry.image;
}

/// "ISIC_0024306" of ".../ISIC_0024306_downsampled.jpg", the archive's number of a picture; empty for other names.
std::string archive_number(const Entry& entry) {
  constexpr std::size_t length = 12;
  const std::string name = std::filesystem::path(entry.image).filename().string().substr(0, length);
  const bool numbered = name.size() == length && name.starts_with("ISIC_") &&
                        std::all_of(name.begin() + 5, name.end(), [](char c) { return c >= '0' && c <= '9'; });
  return numbered ? name : std::string();
}

void warn_of_placeholder(const std::vector<Entry>& entries, const char* column, std::string Entry::* field,
                         std::vector<std::string>& warnings) {
  std::map<std::string, std::size_t> counts;
  for (const Entry& entry : entries)
    if (!(entry.*field).empty()) ++counts[entry.*field];
  for (const auto& [id, count] : counts)
    if (count >= 10 && count * 5 > entries.size() && counts.size() > 1)
      warnings.push_back(fmt::format("{} '{}' joins {} of {} images: if it means 'unknown', leave the field empty",
                                     column, id, grouped(count), grouped(entries.size())));
}

std::vector<Group> make_groups(const Manifest& manifest, const std::vector<copies::Fingerprint>& prints,
                               const std::map<std::string, std::size_t>& class_index, std::uint64_t seed) {
  const std::vector<Entry>& entries = manifest.entries;
  copies::UnionFind sets(entries.size());
  sets.join_equal([&](std::size_t i) -> const std::string& { return entries[i].lesion_id; });
  sets.join_equal([&](std::size_t i) -> const std::string& { return entries[i].patient_id; });
  sets.join_equal([&](std::size_t i) { return manifest.image_path(entries[i]).string(); });
  sets.join_equal([&](std::size_t i) { return archive_number(entries[i]); });
  const auto& names = manifest.other_columns;  // naevus clean writes a column of near copies
  if (const auto at = std::find(names.begin(), names.end(), "copy_group"); at != names.end()) {
    const auto column = static_cast<std::size_t>(at - names.begin());
    sets.join_equal([&](std::size_t i) { return column < entries[i].other.size() ? entries[i].other[column] : ""; });
  }
  if (!prints.empty()) {
    sets.join_equal([&](std::size_t i) -> const std::string& { return prints[i].bytes; });
    sets.join_equal([&](std::size_t i) -> const std::string& { return prints[i].pixels; });
  }
  std::map<std::size_t, Group> by_root;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Group& group = by_root[sets.root(i)];
    group.members.push_back(i);
    ++group.classes[class_index.at(entries[i].label)];
    std::string key = shuffle_key(entries[i], seed);
    if (group.order.empty() || key < group.order) group.order = std::move(key);
  }
  std::vector<Group> groups;
  for (auto& [root, group] : by_root) groups.push_back(std::move(group));
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return a.members.size() != b.members.size() ? a.members.size() > b.members.size() : a.order < b.order;
  });
  return groups;
}

/// The bin of each group, by Webster's rule over its classes.
/// @param share  of the bins, summing to 1
std::vector<std::size_t> assign(const std::vector<Group>& groups, const std::vector<double>& share,
                                std::size_t classes) {
  std::vector<double> total(classes, 0);
  for (const Group& group : groups)
    for (const auto& [c, images] : group.classes) total[c] += images;
  std::vector<std::vector<double>> have(share.size(), std::vector<double>(classes, 0));
  std::vector<double> all(share.size(), 0);
  std::vector<std::size_t> bin_of;
  for (const Group& group : groups) {
    std::size_t best = share.size();
    std::pair<double, double> best_fill;
    for (std::size_t bin = 0; bin < share.size(); ++bin) {
      if (share[bin] <= 0) continue;
      double fill = 0;
      for (const auto& [c, images] : group.classes)
        fill += images / total[c] * (have[bin][c] + images / 2) / (share[bin] * total[c]);
      // Between bins that are level in these classes, the one that is emptier over all.
      const std::pair key(fill, all[bin] / share[bin]);
      if (best == share.size() || key < best_fill) best = bin, best_fill = key;
    }
    for (const auto& [c, images] : group.classes) have[best][c] += images;
    all[best] += static_cast<double>(group.members.size());
    bin_of.push_back(best);
  }
  return bin_of;
}

/// @param bins    number of parts or folds in use
/// @param bin_of  the bin of each group
void warn_of_small_classes(const std::vector<Group>& groups, const std::vector<std::string>& names, std::size_t bins,
                           const std::vector<std::size_t>& bin_of, std::vector<std::string>& warnings) {
  std::vector<std::size_t> count(names.size(), 0);
  std::vector<std::set<std::size_t>> filled(names.size());
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (const auto& [c, images] : groups[g].classes) ++count[c], filled[c].insert(bin_of[g]);
  for (std::size_t c = 0; c < names.size(); ++c)
    if (filled[c].size() < bins)
      warnings.push_back(fmt::format(
          "class '{}' has only {} to share out among {} parts", names[c],
          count[c] == 1 ? "one image or group of images" : fmt::format("{} images or groups of images", count[c]),
          bins));
  if (names.size() == 1)
    warnings.push_back(fmt::format("there is one class only, '{}': nothing can be learned from it", names[0]));
}

void require_labels(const Manifest& manifest) {
  if (manifest.entries.empty()) throw InputError("holds no images", manifest.path.string());
  for (const Entry& entry : manifest.entries)
    if (entry.label.empty())
      throw InputError("has no label, so the classes can't be shared out",
                       fmt::format("{}:{}", manifest.path.string(), entry.line), "label the image or remove its row");
}

/// Takes from the groups what goes in no part: pictures that can't be read, and all of a group that has a member in the
/// kept test part (the only part that is set by now). @return the entries left out, in order
std::vector<std::size_t> leave_out(std::vector<Group>& groups, const std::vector<Entry>& entries,
                                   const std::vector<copies::Fingerprint>& prints,
                                   const std::map<std::string, std::size_t>& class_index) {
  std::vector<std::size_t> left_out;
  const auto held = [&](std::size_t i) { return entries[i].part == Part::test; };
  const auto broken = [&](std::size_t i) { return !prints.empty() && !prints[i].problem.empty(); };
  std::erase_if(groups, [&](Group& group) {
    const bool related = std::any_of(group.members.begin(), group.members.end(), held);
    for (const std::size_t i : group.members) {
      if (held(i) || (!related && !broken(i))) continue;
      left_out.push_back(i);
      --group.classes[class_index.at(entries[i].label)];
    }
    std::erase_if(group.members, broken);
    std::erase_if(group.classes, [](const auto& images) { return images.second <= 0; });
    return related || group.members.empty();
  });
  std::sort(left_out.begin(), left_out.end());
  return left_out;
}

/// Shares of the bins (parts or folds), summing to 1.
std::vector<double> shares_of(const SplitOptions& options) {
  std::vector<double> share(options.shares.begin(), options.shares.end());
  if (options.folds > 0)
    share.assign(static_cast<std::size_t>(options.folds), 1.0);
  else if (options.keep_test)
    share[2] = 0;
  const double sum = std::accumulate(share.begin(), share.end(), 0.0);
  for (double& s : share) s /= sum;
  return share;
}

std::size_t add_fold_column(Manifest& manifest) {
  auto& columns = manifest.other_columns;
  const auto found = std::find(columns.begin(), columns.end(), "fold");
  const auto at = static_cast<std::size_t>(found - columns.begin());
  if (found == columns.end()) columns.emplace_back("fold");
  for (Entry& entry : manifest.entries) {
    entry.other.resize(columns.size());
    entry.other[at].clear();
  }
  return at;
}

}  // namespace

std::array<double, 3> parse_parts(const std::string& text, bool keep_test) {
  const auto refuse = [&] {
    throw UsageError(
        fmt::format("'{}' is not a way to part a set", text), "--parts",
        "write train/validation/test as percentages that sum to 100, such as 70/10/20, or train/test, 80/20");
  };
  std::vector<double> numbers;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('/', begin), text.size());
    double number = 0;
    const auto [stop, code] = std::from_chars(text.data() + begin, text.data() + end, number);
    if (code != std::errc() || stop != text.data() + end || !std::isfinite(number) || number < 0) refuse();
    numbers.push_back(number);
    begin = end + 1;
  }
  if (numbers.size() == 2) numbers.insert(keep_test ? numbers.end() : numbers.begin() + 1, 0.0);
  if (numbers.size() != 3 || numbers[0] <= 0) refuse();
  if (std::abs(numbers[0] + numbers[1] + numbers[2] - 100) > 1e-6) refuse();
  return {numbers[0], numbers[1], numbers[2]};
}

SplitResult split(const Manifest& manifest, const std::vector<copies::Fingerprint>& prints,
                  const SplitOptions& options) {
  require_labels(manifest);
  SplitResult result{.manifest = manifest};
  std::vector<Entry>& entries = result.manifest.entries;
  warn_of_placeholder(entries, "lesion_id", &Entry::lesion_id, result.warnings);
  warn_of_placeholder(entries, "patient_id", &Entry::patient_id, result.warnings);

  const std::vector<std::string> names = manifest.classes();
  std::map<std::string, std::size_t> class_index;
  for (std::size_t c = 0; c < names.size(); ++c) class_index[names[c]] = c;
  std::vector<Group> groups = make_groups(manifest, prints, class_index, options.seed);
  result.groups = groups.size();

  for (Entry& entry : entries)
    if (!options.keep_test || entry.part != Part::test) entry.part = Part::none;
  result.left_out = leave_out(groups, entries, prints, class_index);
  const std::vector<double> share = shares_of(options);
  const auto bins = static_cast<std::size_t>(std::count_if(share.begin(), share.end(), [](double s) { return s > 0; }));

  const std::vector<std::size_t> bin_of = assign(groups, share, names.size());
  warn_of_small_classes(groups, names, bins, bin_of, result.warnings);
  if (options.folds > 0 && std::set(bin_of.begin(), bin_of.end()).size() < bins)
    throw InputError(
        fmt::format("has {} groups of images to share out, too few for {} folds", groups.size(), options.folds),
        manifest.path.string(), "choose fewer --folds");
  const std::size_t fold_column = options.folds > 0 ? add_fold_column(result.manifest) : 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const std::size_t i : groups[g].members) {
      if (options.folds > 0)
        entries[i].other[fold_column] = std::to_string(bin_of[g] + 1);
      else
        entries[i].part = parts[bin_of[g]];
    }
  }
  if (options.folds > 0) result.manifest = fold_manifest(result.manifest, 1);
  return result;
}

Manifest fold_manifest(const Manifest& manifest, int turn) {
  const auto& columns = manifest.other_columns;
  const auto found = std::find(columns.begin(), columns.end(), "fold");
  if (found == columns.end())
    throw InputError("has no column 'fold'", manifest.path.string(), "`naevus split --folds 5` makes one");
  const auto at = static_cast<std::size_t>(found - columns.begin());
  const auto fold_of = [&](const Entry& entry) { return at < entry.other.size() ? entry.other[at] : std::string(); };
  std::set<std::string> folds;
  bool kept_test = false;
  for (const Entry& entry : manifest.entries) {
    if (fold_of(entry).empty())
      kept_test |= entry.part == Part::test;
    else
      folds.insert(fold_of(entry));
  }
  const std::string mine = std::to_string(turn);
  const std::string next = std::to_string(static_cast<std::size_t>(turn) % folds.size() + 1);
  if (!folds.contains(mine) || !folds.contains(next))
    throw InputError(fmt::format("has no fold {}", folds.contains(mine) ? next : mine), manifest.path.string(),
                     fmt::format("it has {} folds", folds.size()));
  Manifest result = manifest;
  for (Entry& entry : result.entries) {
    const std::string fold = fold_of(entry);
    if (fold.empty()) continue;
    if (fold == mine)
      entry.part = kept_test ? Part::validation : Part::test;
    else
      entry.part = fold == next && !kept_test ? Part::validation : Part::train;
  }
  return result;
}

PartTable part_table(const Manifest& manifest) {
  std::map<std::string, PartTable::Row> rows;
  PartTable table{.total = {.label = "all"}};
  for (const Entry& entry : manifest.entries) {
    PartTable::Row& row = rows.try_emplace(entry.label, PartTable::Row{.label = entry.label}).first->second;
    for (PartTable::Row* counted : {&row, &table.total}) {
      if (entry.part == Part::none)
        ++counted->left_out;
      else
        ++counted->images[static_cast<std::size_t>(std::find(parts.begin(), parts.end(), entry.part) - parts.begin())];
    }
  }
  for (auto& [label, row] : rows) table.rows.push_back(std::move(row));
  const auto images = [](const PartTable::Row& row) {
    return row.images[0] + row.images[1] + row.images[2] + row.left_out;
  };
  std::stable_sort(table.rows.begin(), table.rows.end(),
                   [&](const PartTable::Row& a, const PartTable::Row& b) { return images(a) > images(b); });
  return table;
}

}  // namespace naevus::dataset
