#include <map>
#include <string>

#include "look.hpp"
#include "naevus/gallery/build.hpp"
#include "naevus/metrics/bootstrap.hpp"

namespace naevus::gallery {
namespace {

using dataset::Entry;
using dataset::Manifest;
using dataset::Part;

constexpr std::size_t asked = 5;

struct Query {
  std::string label;
  std::uint32_t lesion = 0;
  double share = 0;  ///< of the nearest that have its label
};

std::optional<double> mean_share(std::span<const Query> queries, std::span<const std::uint32_t> weight) {
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < queries.size(); ++i) sum += weight[i] * queries[i].share, count += weight[i];
  if (count == 0) return std::nullopt;
  return sum / count;
}

std::vector<Query> ask(const Gallery& gallery, const infer::Classifier& classifier, const Manifest& manifest,
                       const StopToken& stop) {
  std::vector<const Entry*> entries;
  std::vector<std::filesystem::path> files;
  for (const Entry& entry : manifest.entries) {
    if (entry.part != Part::test || entry.label.empty()) continue;
    entries.push_back(&entry);
    files.push_back(manifest.image_path(entry));
  }
  std::vector<Query> queries;
  std::map<std::string, std::uint32_t> lesions;
  const auto take = [&](std::size_t i, const infer::Outcome& outcome) {
    const auto* answer = std::get_if<infer::Answer>(&outcome);
    if (answer == nullptr) return;
    const std::string name = entries[i]->lesion_id.empty() ? "row " + std::to_string(i) : entries[i]->lesion_id;
    Query query{.label = entries[i]->label,
                .lesion = lesions.try_emplace(name, static_cast<std::uint32_t>(lesions.size())).first->second};
    const auto matches = gallery.nearest(answer->embedding, asked);
    for (const Match& match : matches) query.share += gallery[match.index].label == query.label ? 1 : 0;
    query.share /= static_cast<double>(matches.size());
    queries.push_back(std::move(query));
  };
  look(classifier, files, take, stop);
  return queries;
}

}  // namespace

std::optional<Precision> measure(const Gallery& gallery, const infer::Classifier& classifier, const Manifest& manifest,
                                 const StopToken& stop) {
  const std::vector<Query> queries = ask(gallery, classifier, manifest, stop);
  if (queries.empty()) return std::nullopt;
  std::map<std::string, double> share_in_gallery;
  for (std::size_t i = 0; i < gallery.size(); ++i) share_in_gallery[gallery[i].label] += 1;
  for (auto& [label, share] : share_in_gallery) share /= static_cast<double>(gallery.size());

  Precision result{.nearest = static_cast<int>(asked), .pictures = queries.size()};
  std::map<std::string, std::pair<double, double>> by_class;  // sum, count
  std::vector<std::uint32_t> lesion;
  for (const Query& query : queries) {
    by_class[query.label].first += query.share;
    by_class[query.label].second += 1;
    result.by_chance += share_in_gallery[query.label] / static_cast<double>(queries.size());
    lesion.push_back(query.lesion);
  }
  for (const auto& [label, sum] : by_class)
    result.of_classes += sum.first / sum.second / static_cast<double>(by_class.size());
  result.value = mean_share(queries, std::vector<std::uint32_t>(queries.size(), 1)).value_or(0);
  const auto interval = metrics::bootstrap(
      queries.size(), lesion, 1, [&](std::span<const std::uint32_t> weight, std::span<std::optional<double>> value) {
        value[0] = mean_share(queries, weight);
      });
  const auto found = interval.at(0).value_or(metrics::Interval{result.value, result.value});
  result.low = found.low;
  result.high = found.high;
  return result;
}

}  // namespace naevus::gallery
