#include "naevus/copies/find_copies.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "compare.hpp"
#include "parameters.hpp"

namespace naevus::copies {
namespace {

/// The pictures that are to be compared: one set, or two. Places count through both.
struct Sets {
  std::span<const Signature> first, second;  // second is empty for one set
  const Load& load_first;
  const Load& load_second;

  std::size_t size() const { return first.size() + second.size(); }
  const Signature& at(std::size_t i) const { return i < first.size() ? first[i] : second[i - first.size()]; }
  image::Image load(std::size_t i) const { return i < first.size() ? load_first(i) : load_second(i - first.size()); }
};

/// A candidate between two places: the inner picture fills a part of the outer.
struct Likely {
  std::size_t outer, inner;
  Candidate how;
};

/// Exact copies, as groups: per place the first place of its group, and what turns it into that one.
struct ExactGroups {
  std::vector<std::uint32_t> first;
  std::vector<Symmetry> symmetry;
};

bool same_as_they_lie(const Signature& a, const Signature& b) {
  return a.pixels == b.pixels && a.width == b.width && a.height == b.height;
}

/// Splits places with equal hashes into groups of really equal pixels. Most copies lie as their originals do: only the
/// others are decoded.
void prove_equal(const Sets& sets, std::vector<std::uint32_t> places, ExactGroups& groups) {
  while (places.size() > 1) {
    const std::uint32_t first = places.front();
    std::optional<image::Image> picture;
    std::vector<std::uint32_t> others;
    for (std::size_t i = 1; i < places.size(); ++i) {
      std::optional<Symmetry> symmetry;
      if (same_as_they_lie(sets.at(first), sets.at(places[i]))) {
        symmetry = Symmetry{0};
      } else {
        if (!picture) picture = sets.load(first);
        symmetry = exact_symmetry(*picture, sets.load(places[i]));
      }
      if (symmetry)
        groups.first[places[i]] = first, groups.symmetry[places[i]] = *symmetry;
      else
        others.push_back(places[i]);
    }
    places = std::move(others);
  }
}

ExactGroups exact_groups_of(const Sets& sets, WorkerPool& pool, const StopToken& stop) {
  ExactGroups groups{std::vector<std::uint32_t>(sets.size()), std::vector<Symmetry>(sets.size())};
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < sets.size(); ++i) {
    groups.first[i] = i;
    if (sets.at(i).width > 0) order.push_back(i);
  }
  std::ranges::stable_sort(order, {}, [&](std::uint32_t i) { return sets.at(i).exact; });
  std::vector<std::vector<std::uint32_t>> equal;
  for (auto begin = order.begin(); begin != order.end();) {
    const auto end =
        std::find_if(begin, order.end(), [&](std::uint32_t i) { return sets.at(i).exact != sets.at(*begin).exact; });
    if (end - begin > 1) equal.emplace_back(begin, end);
    begin = end;
  }
  pool.for_each(equal.size(), [&](std::size_t i) {
    stop.check();
    prove_equal(sets, equal[i], groups);
  });
  return groups;
}

Pair exact_pair(const ExactGroups& groups, std::uint32_t a, std::uint32_t b) {
  return {.a = a, .b = b, .symmetry = then(groups.symmetry[b], inverse(groups.symmetry[a])), .kind = Kind::exact};
}

/// Each member paired with the first of its group; of two sets, with the first that the other set has of it.
std::vector<Pair> exact_pairs(const Sets& sets, const ExactGroups& groups) {
  std::vector<Pair> pairs;
  const auto count = static_cast<std::uint32_t>(sets.size()), split = static_cast<std::uint32_t>(sets.first.size());
  if (sets.second.empty()) {
    for (std::uint32_t i = 0; i < count; ++i)
      if (groups.first[i] != i) pairs.push_back(exact_pair(groups, groups.first[i], i));
    return pairs;
  }
  std::unordered_map<std::uint32_t, std::uint32_t> first_of_second;  // by group
  for (std::uint32_t i = split; i < count; ++i) {
    if (groups.first[i] >= split) continue;
    first_of_second.try_emplace(groups.first[i], i);
    pairs.push_back(exact_pair(groups, groups.first[i], i));
  }
  for (std::uint32_t i = 0; i < split; ++i) {
    const auto found = first_of_second.find(groups.first[i]);
    if (groups.first[i] != i && found != first_of_second.end()) pairs.push_back(exact_pair(groups, i, found->second));
  }
  return pairs;
}

/// Asks the index of one side for every picture of the other (or of itself) that stands for its group, and keeps what
/// the thumbnails do not refute.
std::vector<Likely> likely_pairs(std::span<const Signature> indexed, std::size_t indexed_begin,
                                 std::span<const Signature> asking, std::size_t asking_begin, const ExactGroups& groups,
                                 const std::vector<std::uint8_t>& stands, WorkerPool& pool, const StopToken& stop) {
  const CandidateIndex index(indexed, std::span(stands).subspan(indexed_begin, indexed.size()), pool);
  std::mutex mutex;
  std::vector<Likely> all;
  const std::size_t batch = std::clamp<std::size_t>(asking.size() / 64, 64, 65536);
  pool.for_each((asking.size() + batch - 1) / batch, [&](std::size_t block) {
    CandidateIndex::Scratch scratch;
    std::vector<Likely> found;
    for (std::size_t i = block * batch; i < std::min(asking.size(), (block + 1) * batch); ++i) {
      stop.check();
      const std::size_t place = asking_begin + i;
      if (stands[place] == 0) continue;
      for (const Candidate& candidate : index.find(asking[i], parameters::most_candidates, scratch)) {
        const std::size_t other = indexed_begin + candidate.index;
        if (other == place || groups.first[other] == groups.first[place]) continue;
        if (const auto fit = fitted(asking[i], indexed[candidate.index], candidate))
          found.push_back({place, other, *fit});
      }
    }
    const std::lock_guard lock(mutex);
    all.insert(all.end(), found.begin(), found.end());
  });
  return all;
}

std::pair<std::size_t, std::size_t> places(const Likely& likely) {
  return std::minmax(likely.outer, likely.inner);
}

/// One way for each two places, the best, in the order of the places.
void keep_best(std::vector<Likely>& likely) {
  std::ranges::sort(likely, [](const Likely& x, const Likely& y) {
    return std::tuple(places(x), -x.how.correlation, x.outer) < std::tuple(places(y), -y.how.correlation, y.outer);
  });
  const auto rest = std::ranges::unique(likely, {}, places);
  likely.erase(rest.begin(), rest.end());
}

/// Seen from the inner picture: where the outer one lies in its frame once it is turned back.
Rectangle from_inside(const Rectangle& part, Symmetry symmetry) {
  const Rectangle back = turned(part, inverse(symmetry));
  return {-back.x / back.width, -back.y / back.height, 1 / back.width, 1 / back.height};
}

Pair altered_pair(const Likely& likely, const Agreement& agreement) {
  const bool outer_first = likely.outer < likely.inner;
  const Symmetry symmetry = likely.how.symmetry;
  const Rectangle frame = outer_first ? agreement.part : from_inside(agreement.part, symmetry);
  return {.a = std::min(likely.outer, likely.inner),
          .b = std::max(likely.outer, likely.inner),
          .symmetry = outer_first ? symmetry : inverse(symmetry),
          .frame = {static_cast<float>(frame.x), static_cast<float>(frame.y), static_cast<float>(frame.width),
                    static_cast<float>(frame.height)},
          .correlation = static_cast<float>(agreement.correlation),
          .fine_correlation = static_cast<float>(agreement.fine_correlation),
          .kind = Kind::altered};
}

/// Decodes the likely pairs again and keeps those whose pixels agree. Neighbours in the list share a picture: it is
/// decoded once for them.
std::vector<Pair> proven_pairs(const Sets& sets, const std::vector<Likely>& likely, const FindOptions& options,
                               WorkerPool& pool, const StopToken& stop) {
  constexpr std::size_t batch = 16;
  std::vector<std::vector<Pair>> found((likely.size() + batch - 1) / batch);
  pool.for_each(found.size(), [&](std::size_t block) {
    std::unordered_map<std::size_t, image::Image> decoded;
    const auto picture = [&](std::size_t place) -> const image::Image& {
      const auto [at, fresh] = decoded.try_emplace(place);
      if (fresh) at->second = sets.load(place);
      return at->second;
    };
    for (std::size_t i = block * batch; i < std::min(likely.size(), (block + 1) * batch); ++i) {
      stop.check();
      const Candidate& how = likely[i].how;
      const Agreement agreement = compare(picture(likely[i].outer), picture(likely[i].inner), how.symmetry, how.part);
      if (agreement.fine_correlation >= options.least_fine_correlation)
        found[block].push_back(altered_pair(likely[i], agreement));
    }
  });
  std::vector<Pair> pairs;
  for (const auto& some : found) pairs.insert(pairs.end(), some.begin(), some.end());
  return pairs;
}

/// Whether each place is the first of its group in its set.
std::vector<std::uint8_t> standing_for_groups(const Sets& sets, const ExactGroups& groups) {
  std::vector<std::uint8_t> stands(sets.size(), 0), met(sets.size(), 0);
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (i == sets.first.size()) std::ranges::fill(met, std::uint8_t{0});
    if (sets.at(i).width > 0) stands[i] = std::exchange(met[groups.first[i]], 1) == 0 ? 1 : 0;
  }
  return stands;
}

std::vector<Pair> find(const Sets& sets, const FindOptions& options, WorkerPool& pool, const StopToken& stop) {
  const ExactGroups groups = exact_groups_of(sets, pool, stop);
  std::vector<Pair> pairs = exact_pairs(sets, groups);
  const auto stands = standing_for_groups(sets, groups);
  const std::size_t split = sets.first.size();
  std::vector<Likely> likely;
  if (sets.second.empty()) {
    likely = likely_pairs(sets.first, 0, sets.first, 0, groups, stands, pool, stop);
  } else {
    likely = likely_pairs(sets.first, 0, sets.second, split, groups, stands, pool, stop);
    const auto more = likely_pairs(sets.second, split, sets.first, 0, groups, stands, pool, stop);
    likely.insert(likely.end(), more.begin(), more.end());
  }
  keep_best(likely);
  const auto altered = proven_pairs(sets, likely, options, pool, stop);
  pairs.insert(pairs.end(), altered.begin(), altered.end());
  std::ranges::sort(pairs, {}, [](const Pair& pair) { return std::pair(pair.a, pair.b); });
  return pairs;
}

}  // namespace

std::vector<Pair> find_copies(std::span<const Signature> pictures, const FindOptions& options, const Load& load,
                              WorkerPool& pool, const StopToken& stop) {
  return find({pictures, {}, load, load}, options, pool, stop);
}

std::vector<Pair> find_copies(std::span<const Signature> pictures, std::span<const Signature> others,
                              const FindOptions& options, const Load& load, const Load& load_other, WorkerPool& pool,
                              const StopToken& stop) {
  if (pictures.empty() || others.empty()) return {};
  std::vector<Pair> pairs = find({pictures, others, load, load_other}, options, pool, stop);
  for (Pair& pair : pairs) pair.b -= pictures.size();
  return pairs;
}

}  // namespace naevus::copies
