#include "naevus/registry/readers.hpp"

#include <algorithm>
#include <map>

#include "naevus/metrics/confident_learning.hpp"

namespace naevus::registry {
namespace {

/// Labels with a model's probabilities, first the reference's.
struct Judged {
  std::vector<double> probabilities;
  std::vector<int> label;
  std::vector<std::string> reader;  ///< empty: the reference
};

Judged judged_labels(std::span<const store::ReadPicture> pictures, const evaluate::Predictions& reference) {
  Judged judged{
      .probabilities = reference.probabilities, .label = reference.truth(), .reader = {reference.cases.size(), ""}};
  const auto& classes = reference.classes;
  for (const store::ReadPicture& picture : pictures) {
    if (picture.first.classes != classes) continue;  // another model's answer can't be held to this one's
    for (const store::Opinion& opinion : picture.opinions) {
      const auto found = std::find(classes.begin(), classes.end(), opinion.label);
      if (found == classes.end()) continue;
      const auto& values = picture.first.probabilities;
      judged.probabilities.insert(judged.probabilities.end(), values.begin(), values.end());
      judged.label.push_back(static_cast<int>(found - classes.begin()));
      judged.reader.push_back(opinion.reader);
    }
  }
  return judged;
}

}  // namespace

ReaderChecks check_readers(std::span<const store::ReadPicture> pictures, const evaluate::Predictions& reference,
                           const ReaderCheckOptions& options) {
  const Judged judged = judged_labels(pictures, reference);
  std::map<std::string, metrics::Share> shares;
  for (const std::string& reader : judged.reader) ++shares[reader].cases;
  const auto joint = metrics::confident_joint(judged.probabilities, judged.label, reference.classes.size());
  for (const std::size_t index : joint.off_diagonal) ++shares[judged.reader[index]].hits;

  ReaderChecks checks{.reference = shares[""], .readers = {}};
  shares.erase("");
  const auto rate = [](const metrics::Share& share) {
    return share.cases == 0 ? 0.0 : double(share.hits) / share.cases;
  };
  for (const auto& [reader, share] : shares) {
    ReaderCheck check{.reader = reader, .doubted = share};
    check.p_value = metrics::fisher_greater(share, checks.reference);
    check.believed = check.p_value >= options.level / static_cast<double>(shares.size()) ||
                     rate(share) - rate(checks.reference) < options.excess;
    checks.readers.push_back(check);
  }
  return checks;
}

}  // namespace naevus::registry
