#include "naevus/clean/balance_report.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "naevus/dataset/balance.hpp"

namespace naevus::clean {
namespace {

using dataset::Entry;
using dataset::Manifest;

constexpr double beta = 0.999;

/// The labelled entries that a training would see.
std::vector<const Entry*> training_entries(const Manifest& manifest) {
  const bool split = std::any_of(manifest.entries.begin(), manifest.entries.end(),
                                 [](const Entry& entry) { return entry.part == dataset::Part::train; });
  std::vector<const Entry*> entries;
  for (const Entry& entry : manifest.entries)
    if (!entry.label.empty() && (!split || entry.part == dataset::Part::train)) entries.push_back(&entry);
  return entries;
}

void count(const std::vector<const Entry*>& entries, Balance& balance) {
  std::set<std::string> labels;
  for (const Entry* entry : entries) labels.insert(entry->label);
  for (const std::string& label : labels) {
    ClassBalance one{.label = label};
    std::set<std::string> lesions;
    for (const Entry* entry : entries) {
      if (entry->label != label) continue;
      ++one.images;
      if (entry->lesion_id.empty())
        ++one.lesions;
      else
        lesions.insert(entry->lesion_id);
    }
    one.lesions += lesions.size();
    balance.classes.push_back(std::move(one));
  }
}

}  // namespace

Balance balance(const Manifest& manifest) {
  const std::vector<const Entry*> entries = training_entries(manifest);
  Balance balance{.classes = {}, .images = entries.size()};
  if (entries.empty()) return balance;
  count(entries, balance);
  std::vector<std::size_t> images;
  images.reserve(balance.classes.size());
  for (const ClassBalance& one : balance.classes) images.push_back(one.images);
  const auto [fewest, most] = std::minmax_element(images.begin(), images.end());
  balance.imbalance_ratio = static_cast<double>(*most) / static_cast<double>(*fewest);

  const auto weight = dataset::class_weights(images);
  const auto prior = dataset::log_priors(images);
  const auto total = static_cast<double>(entries.size());
  for (std::size_t c = 0; c < images.size(); ++c) {
    ClassBalance& one = balance.classes[c];
    const auto n = static_cast<double>(one.images);
    one.share = n / total;
    one.effective_number = (1 - std::pow(beta, n)) / (1 - beta);
    one.sampling_share = 1 / static_cast<double>(images.size());
    one.shown_per_epoch = one.sampling_share * total / n;
    one.loss_weight = weight[c];
    one.logit_adjustment = prior[c];
  }
  return balance;
}

}  // namespace naevus::clean
