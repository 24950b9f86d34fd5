#include "naevus/evaluate/robustness.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <mutex>

#include "harm.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/base/random.hpp"
#include "naevus/evaluate/clusters.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/metrics/confusion.hpp"

namespace naevus::evaluate {
namespace {

std::vector<Harm> chosen_harms(const std::vector<std::string>& kinds) {
  std::vector<Harm> harms = all_harms();
  if (kinds.empty()) return harms;
  std::vector<std::string> known;
  for (const Harm& harm : harms)
    if (known.empty() || known.back() != harm.kind) known.push_back(harm.kind);
  for (const std::string& kind : kinds)
    if (std::find(known.begin(), known.end(), kind) == known.end())
      throw UsageError(fmt::format("there is no kind '{}'", kind), "--kinds",
                       fmt::format("choose of {}", fmt::join(known, ", ")));
  std::erase_if(harms,
                [&](const Harm& harm) { return std::find(kinds.begin(), kinds.end(), harm.kind) == kinds.end(); });
  return harms;
}

/// Keeps at most so many cases, of each class its share and at least one, in the order in which they stood.
void draw_cases(std::vector<Case>& cases, std::size_t wanted, std::uint64_t seed) {
  if (wanted == 0 || wanted >= cases.size()) return;
  std::map<int, std::vector<std::size_t>> of_class;
  for (std::size_t i = 0; i < cases.size(); ++i) of_class[cases[i].truth].push_back(i);
  std::vector<std::size_t> kept;
  for (auto& [truth, members] : of_class) {
    Random(seed, {static_cast<std::uint64_t>(truth)}).shuffle(std::span(members));
    const std::size_t share = std::max<std::size_t>(1, (members.size() * wanted + cases.size() / 2) / cases.size());
    members.resize(std::min(members.size(), share));
    kept.insert(kept.end(), members.begin(), members.end());
  }
  std::sort(kept.begin(), kept.end());
  std::vector<Case> some;
  for (const std::size_t i : kept) some.push_back(std::move(cases[i]));
  cases = std::move(some);
}

/// The called classes: of each harm, and before them of the unharmed pictures.
struct Calls {
  std::vector<std::vector<int>> of_harm;  // [1 + harms][cases]
};

std::size_t most_likely(const infer::Answer& answer) {
  return static_cast<std::size_t>(std::max_element(answer.probabilities.begin(), answer.probabilities.end()) -
                                  answer.probabilities.begin());
}

/// Some pictures, or why they can't be read.
struct Block {
  std::vector<std::optional<image::Image>> pictures;
  std::vector<std::string> failed;
};

Block load_block(WorkerPool& pool, std::span<const Case> cases) {
  Block block{std::vector<std::optional<image::Image>>(cases.size()), std::vector<std::string>(cases.size())};
  pool.for_each(cases.size(), [&](std::size_t i) {
    try {
      block.pictures[i] = image::load(cases[i].path);
    } catch (const Error& error) {
      block.failed[i] = error.problem();
    }
  });
  return block;
}

/// Every picture in all its harmed forms, block by block, so that memory stays bounded.
Calls run_all(const infer::Classifier& classifier, Predictions& predictions, const std::vector<Harm>& harms,
              const RobustnessOptions& options, const StopToken& stop) {
  const std::size_t forms = harms.size() + 1;
  Calls calls{.of_harm = std::vector<std::vector<int>>(forms)};
  WorkerPool pool(options.threads);
  Progress progress("harming", predictions.cases.size() * forms);
  std::vector<Case> answered;
  constexpr std::size_t block = 4;
  for (std::size_t begin = 0; begin < predictions.cases.size(); begin += block) {
    const std::size_t count = std::min(block, predictions.cases.size() - begin);
    const auto [pictures, failed] = load_block(pool, std::span(predictions.cases).subspan(begin, count));
    std::vector<image::Image> prepared(count * forms);
    pool.for_each(count * forms, [&, &from = pictures](std::size_t k) {
      stop.check();
      const std::size_t i = k / forms, form = k % forms;
      if (!from[i]) return;
      prepared[k] = form == 0 ? unharmed(*from[i], predictions.preparation)
                              : harmed(*from[i], predictions.preparation, harms[form - 1], options.seed, begin + i);
    });
    for (std::size_t i = 0; i < count; ++i) {
      Case& item = predictions.cases[begin + i];
      progress.advance(forms);
      if (!pictures[i]) {
        predictions.failures.push_back({item.image, failed[i]});
        continue;
      }
      stop.check();
      const auto answers = classifier.classify(std::span(prepared).subspan(i * forms, forms));
      for (std::size_t form = 0; form < forms; ++form)
        calls.of_harm[form].push_back(static_cast<int>(most_likely(answers[form])));
      predictions.probabilities.insert(predictions.probabilities.end(), answers[0].probabilities.begin(),
                                       answers[0].probabilities.end());
      answered.push_back(std::move(item));
    }
  }
  predictions.cases = std::move(answered);
  return calls;
}

/// Which of the harms a mean is over.
struct Group {
  std::vector<std::size_t> harms;
};

double mean_of(const std::vector<double>& values, const Group& group) {
  double sum = 0;
  for (const std::size_t k : group.harms) sum += values[k];
  return sum / static_cast<double>(group.harms.size());
}

/// The losses of all groups at once, with intervals of one bootstrap.
std::vector<Loss> losses_of(Robustness& result, const Calls& calls, const std::vector<Group>& groups) {
  const std::vector<int> truth = result.predictions.truth();
  std::vector<metrics::SortedCalls> sorted;
  for (const std::vector<int>& called : calls.of_harm)
    sorted.emplace_back(truth, called, result.predictions.classes.size());
  const auto scores = [&](std::span<const std::uint32_t> weight) {
    std::vector<double> values;
    for (const metrics::SortedCalls& one : sorted) values.push_back(*metrics::balanced_accuracy(one.matrix(weight)));
    return values;
  };
  const auto statistic = [&](std::span<const std::uint32_t> weight, std::span<std::optional<double>> value) {
    const std::vector<double> values = scores(weight);
    value[0] = values[0];
    const std::vector<double> harmed(values.begin() + 1, values.end());
    for (std::size_t g = 0; g < groups.size(); ++g) value[g + 1] = values[0] - mean_of(harmed, groups[g]);
  };
  const CaseClusters clusters = cluster_cases(result.predictions.cases);
  result.unit = clusters.unit;
  result.units = clusters.count;
  const auto intervals = metrics::bootstrap(truth.size(), clusters.of, groups.size() + 1, statistic, result.bootstrap);
  const std::vector<double> values = scores({});
  result.balanced_accuracy = values[0];
  result.interval = intervals[0];
  const std::vector<double> harmed(values.begin() + 1, values.end());
  std::vector<Loss> losses;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const double after = mean_of(harmed, groups[g]);
    losses.push_back({after, values[0] - after, intervals[g + 1]});
  }
  return losses;
}

void fill_losses(Robustness& result, const Calls& calls) {
  std::vector<Group> groups;
  for (std::size_t k = 0; k < result.harms.size(); ++k) groups.push_back({{k}});
  Group corruptions;
  for (std::size_t k = 0; k < result.harms.size(); ++k) {
    if (result.kinds.empty() || result.kinds.back() != result.harms[k].kind) {
      result.kinds.push_back(result.harms[k].kind);
      groups.emplace_back();
    }
    groups.back().harms.push_back(k);
    if (is_corruption(result.harms[k])) corruptions.harms.push_back(k);
  }
  if (!corruptions.harms.empty()) groups.push_back(corruptions);
  const std::vector<Loss> losses = losses_of(result, calls, groups);
  const auto harms = losses.begin() + static_cast<std::ptrdiff_t>(result.harms.size());
  const auto kinds = harms + static_cast<std::ptrdiff_t>(result.kinds.size());
  result.losses.assign(losses.begin(), harms);
  result.kind_means.assign(harms, kinds);
  if (kinds != losses.end()) result.corruptions = *kinds;
}

}  // namespace

Robustness measure_robustness(const infer::Classifier& classifier, const dataset::Manifest& manifest,
                              const RobustnessOptions& options, const StopToken& stop) {
  Robustness result;
  result.harms = chosen_harms(options.kinds);
  result.bootstrap = {.seed = options.seed, .threads = options.threads};
  Predictions& predictions = result.predictions;
  predictions.source = options.model;
  predictions.classes = classifier.card().classes;
  predictions.malignant = classifier.card().malignant;
  predictions.preparation = classifier.preparation();
  take_cases(manifest, select(manifest, options.part), predictions);
  result.of_pictures = predictions.cases.size();
  draw_cases(predictions.cases, options.pictures, options.seed);
  const Calls calls = run_all(classifier, predictions, result.harms, options, stop);
  if (predictions.cases.empty())
    throw InputError(predictions.failures.empty()
                         ? "has no picture to score"
                         : fmt::format("no picture can be scored; the first, '{}': {}",
                                       predictions.failures.front().image, predictions.failures.front().reason),
                     manifest.path.string(), "are the paths right, and the labels the model's?");
  fill_losses(result, calls);
  return result;
}

}  // namespace naevus::evaluate
