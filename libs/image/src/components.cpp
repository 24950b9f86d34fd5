#include "components.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <opencv2/core/hal/intrin.hpp>

namespace naevus::image {
namespace {

/// The set pixels of one row as bits, 64 in a word; the last word is nought.
class RowBits {
 public:
  explicit RowBits(int width) : words_(static_cast<std::size_t>(width) / 64 + 2) {}

  void take(const std::uint8_t* row, int width) {
    std::ranges::fill(words_, std::uint64_t{0});
    constexpr int lanes = 16;
    int x = 0;
    for (; x + lanes <= width; x += lanes) put(x, static_cast<std::uint64_t>(set_lanes(row + x)));
    for (; x < width; ++x) put(x, row[x] != 0 ? 1 : 0);
  }

  /// The first set pixel from x on; at least the width where there is none.
  int next_set(int x) const { return next(x, 0); }
  int next_clear(int x) const { return next(x, ~std::uint64_t{0}); }

 private:
  static int set_lanes(const std::uint8_t* pixels) { return cv::v_signmask(cv::v_load(pixels) != cv::v_setzero_u8()); }

  void put(int x, std::uint64_t bits) { words_[static_cast<std::size_t>(x) / 64] |= bits << x % 64; }

  int next(int x, std::uint64_t flip) const {
    auto w = static_cast<std::size_t>(x) / 64;
    std::uint64_t word = (words_[w] ^ flip) & ~std::uint64_t{0} << x % 64;
    while (word == 0 && w + 1 < words_.size()) word = words_[++w] ^ flip;
    return static_cast<int>(64 * w) + std::countr_zero(word);
  }

  std::vector<std::uint64_t> words_;
};

/// Labels that turned out to be one; the parent of each is never after it.
class Forest {
 public:
  int add() {
    parent_.push_back(static_cast<int>(parent_.size()));
    return parent_.back();
  }
  int root(int i) {
    while (parent_[at(i)] != i) {
      parent_[at(i)] = parent_[at(parent_[at(i)])];
      i = parent_[at(i)];
    }
    return i;
  }
  /// @return the label of both
  int join(int a, int b) {
    if (a == b) return a;
    a = root(a), b = root(b);
    parent_[at(std::max(a, b))] = std::min(a, b);
    return std::min(a, b);
  }
  /// Numbers for the labels, from 0 without gaps, the same for those that are one.
  std::vector<int> numbers() const {
    std::vector<int> number(parent_.size());
    int count = 0;
    for (std::size_t i = 0; i < number.size(); ++i) number[i] = at(parent_[i]) == i ? count++ : number[at(parent_[i])];
    return number;
  }

 private:
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  std::vector<int> parent_;
};

void add(Component& part, const Run& run) {
  const std::int64_t n = run.end - run.begin;
  if (part.area == 0) part = {.left = run.begin, .top = run.row, .right = run.end - 1, .bottom = run.row};
  part.left = std::min(part.left, run.begin);
  part.right = std::max(part.right, run.end - 1);
  part.bottom = run.row;
  part.area += static_cast<int>(n);
  part.x += n * (run.begin + run.end - 1) / 2;
  part.y += n * run.row;
}

}  // namespace

Components components_of(const cv::Mat& mask) {
  Components out;
  Forest forest;
  constexpr std::size_t usual_runs = 4096;
  out.runs.reserve(usual_runs);
  RowBits bits(mask.cols);
  std::size_t above = 0;
  for (int y = 0; y < mask.rows; ++y) {
    bits.take(mask.ptr(y), mask.cols);
    const std::size_t above_end = out.runs.size();
    int end = 0;
    for (int begin = bits.next_set(0); begin < mask.cols; begin = bits.next_set(end)) {
      end = bits.next_clear(begin);
      // Runs of the row above that end before this one begins (diagonals touch) are done with.
      while (above < above_end && out.runs[above].end < begin) ++above;
      int label = -1;
      for (std::size_t i = above; i < above_end && out.runs[i].begin <= end; ++i)
        label = label < 0 ? out.runs[i].component : forest.join(label, out.runs[i].component);
      out.runs.push_back({y, begin, end, label < 0 ? forest.add() : label});
    }
    above = above_end;
  }
  const std::vector<int> numbers = forest.numbers();
  for (Run& run : out.runs) {
    run.component = numbers[static_cast<std::size_t>(run.component)];
    const auto part = static_cast<std::size_t>(run.component);
    if (part == out.parts.size()) out.parts.emplace_back();
    add(out.parts[part], run);
  }
  return out;
}

}  // namespace naevus::image
