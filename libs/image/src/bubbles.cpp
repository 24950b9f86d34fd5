#include "bubbles.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "lines.hpp"

namespace naevus::image {
namespace {

/// Pixels of planes.color.
constexpr std::array<int, 3> radii = {4, 6, 8};
/// Of the Sobel gradient: ten grey levels from one pixel to the next.
constexpr int edge_level = 40;
/// Votes for a centre (of both sides of the rim) over the length of the circle, after what the neighbourhood's texture
/// alone would give.
constexpr double least_completeness = 0.7;
/// A bubble has a highlight and is as bright as its surroundings otherwise; a mole is darker. Grey levels.
constexpr double least_highlight = 30, most_difference = 14;
constexpr double least_of_mean = 0.85;
/// Summed completeness.
constexpr double bubble_threshold = 1.4;

struct Edge {
  int x, y;
  float dx, dy;  ///< the gradient's direction, of length 1
};

/// Sobel's gradient along a row, but for its first and last pixel.
struct Gradient {
  std::vector<std::int16_t> dx, dy;
  std::vector<int> square;  ///< of its length

  explicit Gradient(std::size_t width) : dx(width), dy(width), square(width) {}

  void take(const std::uint8_t* above, const std::uint8_t* row, const std::uint8_t* below) {
    const auto slope = [](int a1, int b1, int a2, int b2, int a3, int b3) {
      return static_cast<std::int16_t>(b1 - a1 + 2 * (b2 - a2) + b3 - a3);
    };
    std::int16_t *const across = dx.data(), *const down = dy.data();
    for (std::size_t x = 1, end = dx.size() - 1; x < end; ++x) {
      across[x] = slope(above[x - 1], above[x + 1], row[x - 1], row[x + 1], below[x - 1], below[x + 1]);
      down[x] = slope(above[x - 1], below[x - 1], above[x], below[x], above[x + 1], below[x + 1]);
    }
    int* const squares = square.data();
    for (std::size_t x = 0; x < square.size(); ++x) squares[x] = across[x] * across[x] + down[x] * down[x];
  }
};

/// Edges outside the lesion, whose texture is full of round forms.
std::vector<Edge> edges_of(const cv::Mat& luma, const cv::Mat& lesion) {
  std::vector<Edge> edges;
  const auto width = static_cast<std::size_t>(luma.cols);
  Gradient gradient(width);
  for (int y = 1; y + 1 < luma.rows; ++y) {
    gradient.take(luma.ptr(y - 1), luma.ptr(y), luma.ptr(y + 1));
    const std::uint8_t* inside = lesion.ptr(std::min(y / 2, lesion.rows - 1));
    for (std::size_t x = 1; x + 1 < width; ++x) {
      if (gradient.square[x] < edge_level * edge_level) continue;
      const int column = static_cast<int>(x);
      if (inside[std::min(column / 2, lesion.cols - 1)] != 0) continue;
      const float length = std::sqrt(static_cast<float>(gradient.square[x]));
      edges.push_back(
          {column, y, static_cast<float>(gradient.dx[x]) / length, static_cast<float>(gradient.dy[x]) / length});
    }
  }
  return edges;
}

/// Every edge votes for the two points at this distance along its gradient: the rim of a bubble is bright on either
/// side of its dark line.
/// @param votes  with room for as much around it
void vote(const std::vector<Edge>& edges, int radius, cv::Mat& votes) {
  const auto row_length = static_cast<std::ptrdiff_t>(votes.step);
  for (const Edge& edge : edges) {
    const int dx = cvRound(static_cast<float>(radius) * edge.dx), dy = cvRound(static_cast<float>(radius) * edge.dy);
    std::uint8_t* const at = votes.ptr(edge.y) + edge.x;
    const std::ptrdiff_t offset = dy * row_length + dx;
    ++at[offset], ++at[-offset];
  }
}

/// Of each pixel and its eight neighbours; the outermost pixels, where no centre may lie, are left as they are.
void sum_neighbours(const cv::Mat& votes, cv::Mat& sums) {
  const auto width = static_cast<std::size_t>(votes.cols);
  std::vector<std::uint16_t> columns(width);
  for (int y = 1; y + 1 < votes.rows; ++y) {
    const std::uint8_t *above = votes.ptr(y - 1), *row = votes.ptr(y), *below = votes.ptr(y + 1);
    for (std::size_t x = 0; x < width; ++x) columns[x] = static_cast<std::uint16_t>(above[x] + row[x] + below[x]);
    auto* sum = sums.ptr<std::uint16_t>(y);
    for (std::size_t x = 1; x + 1 < width; ++x)
      sum[x] = static_cast<std::uint16_t>(columns[x - 1] + columns[x] + columns[x + 1]);
  }
}

/// Whether what lies in the circle looks like a bubble on skin.
/// @param least_around  luma of the surroundings: round forms in dark pigment are the lesion's
bool is_bubble(const cv::Mat& luma, int centre_x, int centre_y, int radius, double least_around) {
  int inner = 0, outer = 0, inner_count = 0, outer_count = 0, most = 0;
  const int reach = radius + 3;
  for (int y = std::max(0, centre_y - reach); y <= std::min(luma.rows - 1, centre_y + reach); ++y) {
    const std::uint8_t* row = luma.ptr(y);
    for (int x = std::max(0, centre_x - reach); x <= std::min(luma.cols - 1, centre_x + reach); ++x) {
      const int square = (x - centre_x) * (x - centre_x) + (y - centre_y) * (y - centre_y);
      if (square <= (radius - 1) * (radius - 1)) inner += row[x], ++inner_count;
      if (square <= (radius + 1) * (radius + 1)) most = std::max<int>(most, row[x]);
      if (square > (radius + 1) * (radius + 1) && square <= reach * reach) outer += row[x], ++outer_count;
    }
  }
  if (inner_count == 0 || outer_count == 0) return false;
  const double around = static_cast<double>(outer) / outer_count, within = static_cast<double>(inner) / inner_count;
  return around > least_around && most - around > least_highlight && std::abs(within - around) < most_difference;
}

/// Larger than its eight neighbours; of equal ones the first.
bool is_peak(const cv::Mat& sums, int x, int y) {
  const auto here = sums.at<std::uint16_t>(y, x);
  for (int dy = -1; dy <= 1; ++dy) {
    for (int dx = -1; dx <= 1; ++dx) {
      const auto there = sums.at<std::uint16_t>(y + dy, x + dx);
      if (there > here || (there == here && 3 * dy + dx < 0)) return false;
    }
  }
  return true;
}

}  // namespace

double bubble_score(const Planes& planes, const cv::Mat& lesion) {
  constexpr int window = 15;
  cv::Mat luma, density;
  cv::cvtColor(planes.color, luma, cv::COLOR_RGB2GRAY);
  const auto edges = edges_of(luma, lesion);
  constexpr int margin = radii.back();
  cv::Mat with_margin = cv::Mat::zeros(luma.rows + 2 * margin, luma.cols + 2 * margin, CV_8U);
  cv::Mat votes = with_margin(cv::Rect(margin, margin, luma.cols, luma.rows));
  cv::Mat sums = cv::Mat::zeros(luma.size(), CV_16U);
  for (const Edge& edge : edges) votes.at<std::uint8_t>(edge.y, edge.x) = 2;
  cv::boxFilter(votes, density, CV_16U, {window, window}, {-1, -1}, false,
                cv::BORDER_REFLECT_101 | cv::BORDER_ISOLATED);

  const double least_around = least_of_mean * cv::mean(luma)[0];
  double score = 0;
  for (const int radius : radii) {
    with_margin = cv::Scalar(0);
    vote(edges, radius, votes);
    sum_neighbours(votes, sums);
    const double circle = 2 * std::numbers::pi * radius;
    const int least_votes = cvCeil(least_completeness * circle);
    for (int y = radius; y < luma.rows - radius; ++y) {
      const auto* sum = sums.ptr<std::uint16_t>(y);
      const auto* usual = density.ptr<std::uint16_t>(y);
      for (int x = radius; x < luma.cols - radius; ++x) {
        if (sum[x] < least_votes) continue;
        const double completeness = (sum[x] - usual[x] * 9.0 / (window * window)) / circle;
        if (completeness < least_completeness || !is_peak(sums, x, y)) continue;
        if (is_bubble(luma, x, y, radius, least_around)) score += completeness;
      }
    }
  }
  return score_of(score, bubble_threshold);
}

}  // namespace naevus::image
