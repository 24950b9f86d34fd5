#include "naevus/registry/agreement.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string_view>
#include <utility>

namespace naevus::registry {
namespace {

/// Two labels of each case, counted.
using Counts = std::map<std::pair<std::string_view, std::string_view>, std::size_t>;

/// A label that nobody gives changes nothing: the matrix is of those that are there.
Concordance concordance(const Counts& counts) {
  std::map<std::string_view, std::size_t> index;
  for (const auto& [labels, count] : counts) {
    index.emplace(labels.first, 0);
    index.emplace(labels.second, 0);
  }
  std::size_t next = 0;
  for (auto& [label, place] : index) place = next++;
  metrics::ConfusionMatrix matrix{.classes = index.size(), .count = {}};
  matrix.count.resize(index.size() * index.size());
  Concordance result;
  std::size_t same = 0;
  for (const auto& [labels, count] : counts) {
    matrix.count[index.at(labels.first) * matrix.classes + index.at(labels.second)] += count;
    result.cases += count;
    if (labels.first == labels.second) same += count;
  }
  if (result.cases > 0) result.observed = static_cast<double>(same) / static_cast<double>(result.cases);
  result.kappa = metrics::cohen_kappa(matrix);
  return result;
}

/// Those with most readings; of as many, by id.
std::vector<std::string> most_active(std::span<const store::Reading> readings) {
  std::map<std::string, std::size_t> count;
  for (const auto& reading : readings) ++count[reading.reader];
  std::vector<std::string> readers;
  readers.reserve(count.size());
  for (const auto& [reader, readings_of] : count) readers.push_back(reader);
  std::ranges::stable_sort(readers, std::greater{}, [&](const auto& reader) { return count.at(reader); });
  return readers;
}

}  // namespace

ReadersAgreement readers_agreement(std::span<const store::Reading> readings, std::size_t most) {
  ReadersAgreement result;
  std::vector<std::string> readers = most_active(readings);
  if (readers.size() > most) {
    result.readers_left_out = readers.size() - most;
    readers.resize(most);
  }
  std::map<std::string_view, std::size_t> place;
  for (std::size_t i = 0; i < readers.size(); ++i) place[readers[i]] = i;
  std::vector<Counts> with_model(readers.size());
  std::map<std::string_view, std::map<std::size_t, std::string_view>> cases;  // label by reader's place
  for (const auto& reading : readings) {
    ++result.labels[reading.label];
    const auto found = place.find(reading.reader);
    if (found == place.end()) continue;
    ++with_model[found->second][{reading.label, reading.predicted_class}];
    cases[reading.prediction][found->second] = reading.label;
  }
  std::map<std::pair<std::size_t, std::size_t>, Counts> pairs;
  for (const auto& [prediction, labels] : cases)
    for (auto first = labels.begin(); first != labels.end(); ++first)
      for (auto second = std::next(first); second != labels.end(); ++second)
        ++pairs[{first->first, second->first}][{first->second, second->second}];
  for (std::size_t i = 0; i < readers.size(); ++i)
    result.readers.push_back({.reader = readers[i], .with_model = concordance(with_model[i])});
  for (const auto& [who, counts] : pairs)
    result.pairs.push_back(
        {.first = readers[who.first], .second = readers[who.second], .concordance = concordance(counts)});
  std::ranges::stable_sort(result.pairs, std::greater{}, [](const auto& pair) { return pair.concordance.cases; });
  return result;
}

}  // namespace naevus::registry
