#include "stains.hpp"

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>

#include "components.hpp"
#include "lines.hpp"

namespace naevus::image {
namespace {

/// Share of the picture at which each kind counts as found.
constexpr double ink_threshold = 0.004, patch_threshold = 0.008;

/// Medians of the channels outside the lesion; the whole picture's where the lesion leaves less than a tenth.
std::array<int, 3> skin_of(const cv::Mat& rgb, const cv::Mat& lesion) {
  std::array<std::array<int, 256>, 3> count{};
  int total = 0;
  const bool use_all = cv::countNonZero(lesion) > 0.9 * static_cast<double>(lesion.total());
  for (int y = 0; y < rgb.rows; ++y) {
    const std::uint8_t* p = rgb.ptr(y);
    const std::uint8_t* inside = lesion.ptr(y);
    for (int x = 0; x < rgb.cols; ++x, p += 3) {
      if (inside[x] != 0 && !use_all) continue;
      ++total;
      for (std::size_t c = 0; c < 3; ++c) ++count[c][p[c]];
    }
  }
  std::array<int, 3> median{};
  for (std::size_t c = 0; c < 3; ++c) {
    int seen = 0, v = 0;
    while (v < 255 && 2 * (seen += count[c][static_cast<std::size_t>(v)]) < total) ++v;
    median[c] = v;
  }
  return median;
}

/// Bluer or greener than the skin by far, and than grey.
cv::Mat pen_colored(const cv::Mat& rgb, const std::array<int, 3>& skin) {
  constexpr int far = 35, blue_at_least = 4, green_at_least = 8, bright_at_least = 70, saturated = 24;
  cv::Mat set(rgb.size(), CV_8UC1);
  for (int y = 0; y < rgb.rows; ++y) {
    const std::uint8_t* p = rgb.ptr(y);
    std::uint8_t* to = set.ptr(y);
    for (int x = 0; x < rgb.cols; ++x, p += 3) {
      const int blue = p[2] - p[0], green = p[1] - p[0];
      const int high = std::max({p[0], p[1], p[2]}), range = high - std::min({p[0], p[1], p[2]});
      const bool bluish = blue > blue_at_least && blue - (skin[2] - skin[0]) > far;
      const bool greenish = green > green_at_least && green - (skin[1] - skin[0]) > far;
      to[x] = (bluish || greenish) && range > saturated && 4 * range > high && high > bright_at_least ? 255 : 0;
    }
  }
  return set;
}

/// A dye: lacking red (blue, green, cyan), or blue (yellow, orange), at a brightness that pigment does not have.
cv::Mat dyed(const cv::Mat& rgb, const std::array<int, 3>& skin) {
  const auto share = [](int value, int sum) { return static_cast<float>(value + 1) / static_cast<float>(sum + 3); };
  const int skin_sum = skin[0] + skin[1] + skin[2];
  const float skin_red = share(skin[0], skin_sum), skin_green = share(skin[1], skin_sum);
  const float skin_blue = share(skin[2], skin_sum);
  cv::Mat set(rgb.size(), CV_8UC1);
  for (int y = 0; y < rgb.rows; ++y) {
    const std::uint8_t* p = rgb.ptr(y);
    std::uint8_t* to = set.ptr(y);
    for (int x = 0; x < rgb.cols; ++x, p += 3) {
      const int sum = p[0] + p[1] + p[2];
      const float red = share(p[0], sum), green = share(p[1], sum), blue = share(p[2], sum);
      const auto light = static_cast<float>(sum) / static_cast<float>(skin_sum + 3);
      const bool cold = red < skin_red - 0.09F && red < 0.37F && light > 0.5F;
      const bool yellow = green > skin_green + 0.03F && blue < skin_blue - 0.09F && light > 0.6F;
      const bool orange = red > skin_red + 0.05F && blue < skin_blue - 0.13F && blue < 0.12F && light > 0.7F;
      to[x] = cold || yellow || orange ? 255 : 0;
    }
  }
  return set;
}

/// Where people put the lesion: what is blue here is more often a part of it than a pen's mark.
bool in_middle(int x, int y, cv::Size size) {
  constexpr double radius = 0.28;
  const double dx = (x + 0.5) / size.width - 0.5, dy = (y + 0.5) / size.height - 0.5;
  return dx * dx + dy * dy < radius * radius;
}

}  // namespace

double ink_score(const Planes& planes, const cv::Mat& lesion) {
  constexpr int least_area = 12;
  constexpr double most_of_middle = 0.03;
  // Strokes are thin; what holds a square of this side is a blue lesion, a sticker or a glove.
  const cv::Mat thick = cv::getStructuringElement(cv::MORPH_RECT, {9, 9});
  const cv::Mat set = pen_colored(planes.color, skin_of(planes.small, lesion));
  const Components found = components_of(set);
  if (found.parts.empty()) return 0;
  cv::Mat core, inside;
  cv::erode(set, core, thick);
  cv::resize(lesion, inside, set.size(), 0, 0, cv::INTER_NEAREST);
  std::vector<int> blocked(found.parts.size());
  for (const Run& run : found.runs) {
    const std::uint8_t* cores = core.ptr(run.row);
    const std::uint8_t* lesions = inside.ptr(run.row);
    int& count = blocked[static_cast<std::size_t>(run.component)];
    const int whole = found.parts[static_cast<std::size_t>(run.component)].area;
    for (int x = run.begin; x < run.end; ++x)
      count += cores[x] != 0 ? whole : lesions[x] != 0 || in_middle(x, run.row, set.size());
  }
  int middle = 0;
  for (const Run& run : found.runs) {
    for (int x = run.begin; x < run.end; ++x) middle += in_middle(x, run.row, set.size());
  }
  // A blue lesion, whose rim is not pen either.
  if (middle > most_of_middle * static_cast<double>(set.total())) return 0;
  double area = 0;
  for (std::size_t i = 0; i < found.parts.size(); ++i) {
    const Component& part = found.parts[i];
    if (part.area >= least_area && 3 * blocked[i] < part.area) area += part.area;
  }
  return score_of(area / static_cast<double>(set.total()), ink_threshold);
}

double patch_score(const Planes& planes, const cv::Mat& lesion) {
  const cv::Mat set = dyed(planes.small, skin_of(planes.small, lesion));
  double largest = 0;
  for (const Component& part : components_of(set).parts) {
    const bool at_border = part.left == 0 || part.top == 0 || part.right == set.cols - 1 || part.bottom == set.rows - 1;
    const bool compact = 2 * part.area > part.width() * part.height();
    if (at_border && compact) largest = std::max(largest, static_cast<double>(part.area));
  }
  return score_of(largest / static_cast<double>(set.total()), patch_threshold);
}

}  // namespace naevus::image
