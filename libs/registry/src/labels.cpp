#include "naevus/registry/labels.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

namespace naevus::registry {
namespace {

/// Readers by the class that they name.
using Votes = std::map<std::string, std::size_t>;

std::size_t all(const Votes& votes) {
  std::size_t sum = 0;
  for (const auto& [label, count] : votes) sum += count;
  return sum;
}

LabelledPicture settled(const store::ReadPicture& picture, std::span<const store::Opinion> opinions) {
  LabelledPicture result{.first = picture.first, .at = picture.opinions.back().at};
  Votes seen, confirmed;
  for (const store::Opinion& opinion : opinions) {
    ++seen[opinion.label];
    if (opinion.histopathology) ++confirmed[opinion.label];
  }
  if (confirmed.size() > 1) return result;
  const auto most =
      confirmed.empty()
          ? std::max_element(seen.begin(), seen.end(), [](const auto& a, const auto& b) { return a.second < b.second; })
          : seen.find(confirmed.begin()->first);
  if (confirmed.empty() && 2 * most->second <= all(seen)) return result;
  result.label = most->first;
  result.readers = most->second;
  result.basis = !confirmed.empty() ? Basis::histopathology : result.readers > 1 ? Basis::readers : Basis::one_reader;
  return result;
}

}  // namespace

std::string_view name(Basis basis) {
  constexpr std::array<std::string_view, 4> names{"none", "one reader", "readers", "histopathology"};
  return names.at(static_cast<std::size_t>(basis));
}

std::vector<LabelledPicture> settle(std::span<const store::ReadPicture> pictures,
                                    const std::set<std::string>& not_believed) {
  std::vector<LabelledPicture> result;
  for (const store::ReadPicture& picture : pictures) {
    std::vector<store::Opinion> counted;
    std::copy_if(picture.opinions.begin(), picture.opinions.end(), std::back_inserter(counted),
                 [&](const auto& opinion) { return !not_believed.contains(opinion.reader); });
    if (!counted.empty()) result.push_back(settled(picture, counted));
  }
  return result;
}

dataset::Manifest feedback_manifest(std::span<const LabelledPicture> pictures, const store::PictureFolder& folder,
                                    const std::filesystem::path& path) {
  dataset::Manifest manifest{.path = path, .other_columns = {"label_basis", "readers"}, .entries = {}};
  for (const LabelledPicture& picture : pictures) {
    if (picture.label.empty()) continue;
    const store::Prediction& first = picture.first;
    manifest.entries.push_back({.image = std::filesystem::absolute(folder.path(first.picture)).string(),
                                .label = picture.label,
                                .lesion_id = first.lesion,
                                .patient_id = first.patient_key,
                                .age = first.age ? std::to_string(*first.age) : "",
                                .sex = first.sex,
                                .site = first.site,
                                .source = "feedback",
                                .other = {std::string(name(picture.basis)), std::to_string(picture.readers)}});
  }
  return manifest;
}

}  // namespace naevus::registry
