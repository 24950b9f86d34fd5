#include "candidate_index.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "naevus/base/random.hpp"
#include "parameters.hpp"

namespace naevus::copies {
namespace {

/// Coefficients whose sign says something: those that a mirror changes are as often positive as negative, which the
/// centred blob's, even in both ways, are not; the slopes have been spent on the upright position.
std::vector<std::uint8_t> telling_coefficients() {
  std::vector<std::uint8_t> result;
  for (std::size_t u = 0; u < frequencies; ++u)
    for (std::size_t v = 0; v < frequencies; ++v)
      if ((u % 2 == 1 || v % 2 == 1) && u + v > 1) result.push_back(static_cast<std::uint8_t>(frequencies * u + v));
  const auto frequency = [](std::uint8_t i) {
    return i / frequencies * (i / frequencies) + i % frequencies * (i % frequencies);
  };
  std::ranges::stable_sort(result, {}, frequency);
  return result;
}

const std::vector<std::uint8_t>& coefficients() {
  static const auto order = telling_coefficients();
  return order;
}

std::uint32_t signs_of(const Descriptor& descriptor) {
  std::uint32_t signs = 0;
  for (std::size_t i = 0; i < 32; ++i) signs |= std::uint32_t{descriptor[coefficients()[i]] > 0} << i;
  return signs;
}

std::uint32_t key_of(const Descriptor& descriptor, const std::vector<std::uint8_t>& bits) {
  std::uint32_t key = 0;
  for (std::size_t i = 0; i < bits.size(); ++i) key |= std::uint32_t{descriptor[bits[i]] > 0} << i;
  return key;
}

/// The bits of a key whose signs are the least certain, the least certain first.
std::array<std::uint32_t, parameters::doubtful_signs> doubtful_bits(const Descriptor& descriptor,
                                                                    const std::vector<std::uint8_t>& bits) {
  std::array<std::uint32_t, parameters::doubtful_signs> doubtful{};
  std::array<float, parameters::doubtful_signs> least{};
  least.fill(std::numeric_limits<float>::infinity());
  for (std::size_t i = 0; i < bits.size(); ++i) {
    float value = std::abs(descriptor[bits[i]]);
    std::uint32_t bit = 1U << i;
    for (std::size_t k = 0; k < doubtful.size(); ++k)
      if (value < least[k]) std::swap(value, least[k]), std::swap(bit, doubtful[k]);
  }
  return doubtful;
}

/// Whether copies of it other than exact ones can be told from pictures like it.
bool tells_enough(const Signature& picture) {
  return picture.deviation >= parameters::least_deviation &&
         std::min(picture.width, picture.height) >= parameters::least_side;
}

/// About one key a picture, within reason.
std::size_t key_bits(std::size_t pictures) {
  return std::clamp<std::size_t>(static_cast<std::size_t>(std::bit_width(pictures)), 8, 22);
}

struct View {
  Rectangle part;
  DescriptorMaker describe;
};

Rectangle centred(double width, double height) {
  return {(1 - width) / 2, (1 - height) / 2, width, height};
}

/// The parts of a picture that a copy may show, for the picture's aspect.
std::vector<View> views_of(int width, int height) {
  // Which part of the frame the centre square is; a square picture may be a squashed 4:3 frame, lying or standing.
  std::vector<Rectangle> frames{centred(1, 1)};
  const double across = std::min(1.0, static_cast<double>(height) / width);
  const double down = std::min(1.0, static_cast<double>(width) / height);
  if (across < 0.97 || down < 0.97) {
    frames.push_back(centred(across, down));
  } else {
    frames.push_back(centred(0.75, 1));
    frames.push_back(centred(1, 0.75));
  }
  std::vector<View> views;
  const auto add = [&](const Rectangle& part) { views.push_back({part, DescriptorMaker(part)}); };
  for (const Rectangle& frame : frames) {
    for (const double kept : parameters::kept_sides) {
      add(centred(frame.width * kept, frame.height * kept));
    }
  }
  // A small crop may lie in any corner.
  const double kept = parameters::corner_side;
  for (const double x : {0.0, 1 - kept})
    for (const double y : {0.0, 1 - kept}) add({x, y, kept, kept});
  return views;
}

/// Views by aspect in steps of 1 %: few different ones occur in a set.
const std::vector<View>& cached_views(int width, int height) {
  thread_local std::vector<std::pair<int, std::vector<View>>> cache;
  const int aspect = static_cast<int>(std::lround(100 * std::log(static_cast<double>(width) / height)));
  for (const auto& [key, views] : cache)
    if (key == aspect) return views;
  if (cache.size() > 64) cache.clear();
  return cache.emplace_back(aspect, views_of(width, height)).second;
}

}  // namespace

namespace {

template <typename Small>
Small quantised(const Descriptor& descriptor) {
  Small small;
  for (std::size_t i = 0; i < descriptor.size(); ++i)
    small.values[i] = static_cast<std::int8_t>(std::floor(127 * descriptor[i] + 0.5F));
  return small;
}

template <typename Small>
double correlation(const Small& a, const Small& b) {
  int sum = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) sum += a.values[i] * b.values[i];
  return sum / (127.0 * 127.0);
}

}  // namespace

CandidateIndex::CandidateIndex(std::span<const Signature> pictures, std::span<const std::uint8_t> chosen,
                               WorkerPool& pool)
    : descriptors_(pictures.size()), positions_(pictures.size()), tables_(parameters::tables) {
  const std::size_t count = pictures.size(), bits = key_bits(count);
  std::vector<std::uint32_t> signs(count);
  std::vector<std::uint8_t> kept(count);
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    std::vector<std::uint8_t> some(coefficients().begin(), coefficients().begin() + parameters::key_coefficients);
    Random(1, {t}).shuffle(std::span(some));
    some.resize(std::min(bits, some.size()));
    tables_[t].bits = some;
  }
  std::vector<std::uint32_t> keys(count * tables_.size());
  const DescriptorMaker describe{Rectangle{}};
  constexpr std::size_t batch = 256;
  pool.for_each((count + batch - 1) / batch, [&](std::size_t b) {
    for (std::size_t i = b * batch; i < std::min(count, (b + 1) * batch); ++i) {
      Descriptor descriptor = describe(pictures[i]);
      positions_[i] = upright_positions(descriptor, 0).front();
      descriptor = turned(descriptor, positions_[i]);
      descriptors_[i] = quantised<Small>(descriptor);
      signs[i] = signs_of(descriptor);
      kept[i] = chosen[i] != 0 && tells_enough(pictures[i]) ? 1 : 0;
      for (std::size_t t = 0; t < tables_.size(); ++t) keys[t * count + i] = key_of(descriptor, tables_[t].bits);
    }
  });
  pool.for_each(tables_.size(), [&](std::size_t t) {
    Table& table = tables_[t];
    table.begins.assign((std::size_t{1} << table.bits.size()) + 1, 0);
    for (std::size_t i = 0; i < count; ++i)
      if (kept[i] != 0) ++table.begins[keys[t * count + i] + 1];
    for (std::size_t k = 1; k < table.begins.size(); ++k) table.begins[k] += table.begins[k - 1];
    table.entries.resize(table.begins.back());
    std::vector<std::uint32_t> next(table.begins.begin(), table.begins.end() - 1);
    for (std::size_t i = 0; i < count; ++i)
      if (kept[i] != 0) table.entries[next[keys[t * count + i]]++] = {static_cast<std::uint32_t>(i), signs[i]};
  });
}

void CandidateIndex::collect(const Table& table, std::uint32_t key, std::uint32_t signs, Scratch& scratch) {
  const std::uint32_t begin = table.begins[key], end = table.begins[key + 1];
  std::size_t count = scratch.alike_count_;
  if (scratch.alike_.size() < count + end - begin) scratch.alike_.resize(2 * (count + end - begin));
  std::uint32_t* const alike = scratch.alike_.data();
  // Without a branch, which could not be foretold.
  for (std::uint32_t e = begin; e < end; ++e) {
    alike[count] = table.entries[e].picture;
    count += std::size_t{std::popcount(table.entries[e].signs ^ signs) <= parameters::most_other_signs};
  }
  scratch.alike_count_ = count;
}

void CandidateIndex::compare(const Small& asked, Symmetry to_upright, const Rectangle& part, Scratch& scratch) const {
  for (const std::uint32_t picture : std::span(scratch.alike_).first(scratch.alike_count_)) {
    if (std::exchange(scratch.seen_[picture], scratch.question_) == scratch.question_) continue;
    const double alike = correlation(asked, descriptors_[picture]);
    if (alike < parameters::least_far_correlation) continue;
    scratch.found_.push_back({picture, then(positions_[picture], inverse(to_upright)), part, alike});
  }
}

void CandidateIndex::look(const Descriptor& upright, Symmetry to_upright, const Rectangle& part,
                          Scratch& scratch) const {
  ++scratch.question_;
  scratch.alike_count_ = 0;
  const auto small = quantised<Small>(upright);
  const std::uint32_t signs = signs_of(upright);
  for (const Table& table : tables_) {
    const std::uint32_t key = key_of(upright, table.bits);
    const auto doubtful = doubtful_bits(upright, table.bits);
    for (std::uint32_t flips = 0; flips < 1U << doubtful.size(); ++flips) {
      std::uint32_t other = key;
      for (std::size_t i = 0; i < doubtful.size(); ++i)
        if ((flips >> i & 1) != 0) other ^= doubtful[i];
      collect(table, other, signs, scratch);
    }
  }
  compare(small, to_upright, part, scratch);
}

std::vector<Candidate> CandidateIndex::find(const Signature& picture, std::size_t most, Scratch& scratch) const {
  scratch.found_.clear();
  if (!tells_enough(picture)) return {};
  if (scratch.seen_.size() != descriptors_.size()) scratch.seen_.assign(descriptors_.size(), 0), scratch.question_ = 0;
  for (const View& view : cached_views(picture.width, picture.height)) {
    const Descriptor descriptor = view.describe(picture);
    for (const Symmetry position : upright_positions(descriptor, parameters::position_doubt))
      look(turned(descriptor, position), position, view.part, scratch);
  }
  // Of the ways in which one picture was found, the best; then the best pictures.
  auto& found = scratch.found_;
  std::ranges::sort(found, [](const Candidate& a, const Candidate& b) {
    return a.index != b.index ? a.index < b.index : a.correlation > b.correlation;
  });
  const auto rest = std::ranges::unique(found, {}, &Candidate::index);
  found.erase(rest.begin(), rest.end());
  std::ranges::stable_sort(found, std::greater{}, &Candidate::correlation);
  if (found.size() > most) found.resize(most);
  return found;
}

}  // namespace naevus::copies
