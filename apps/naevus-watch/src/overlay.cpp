#include "overlay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <sstream>

namespace naevus::watch {
namespace {

constexpr int margin = 20, panel_width = bar_width + 2 * margin, line = 26;
constexpr std::size_t most_classes = 8;
constexpr double usual = 0.55;
const cv::Scalar background(24, 24, 28), trough(56, 56, 62), text(235, 235, 235), faint(160, 160, 165);
const cv::Scalar yellow(240, 210, 70), red(240, 90, 80), mark(255, 255, 255), frozen_mark(90, 200, 255);

cv::Scalar scalar(const Colour& colour) {
  return {static_cast<double>(colour[0]), static_cast<double>(colour[1]), static_cast<double>(colour[2])};
}

/// Writes and draws from the top down; colours are RGB.
class Panel {
 public:
  Panel(cv::Mat canvas, int left) : canvas_(std::move(canvas)), left_(left + margin) {}

  void write(const std::string& words, const cv::Scalar& colour, double scale = usual) {
    std::istringstream rest(words);
    std::string so_far, word;
    while (rest >> word) {
      const std::string longer = so_far.empty() ? word : fmt::format("{} {}", so_far, word);
      if (width(longer, scale) > bar_width && !so_far.empty()) {
        put(so_far, left_, y_ += line, colour, scale);
        so_far = word;
      } else {
        so_far = longer;
      }
    }
    put(so_far, left_, y_ += line, colour, scale);
  }

  /// A name, its value at the right, and a bar below them; a tick where a limit is.
  void bar(const std::string& name, const std::string& value, double share, const Colour& colour, double limit = -1) {
    y_ += line;
    put(name, left_, y_, text, usual);
    put(value, left_ + bar_width - width(value, usual), y_, text, usual);
    constexpr int height = 10;
    y_ += height + 4;
    fill({left_, y_ - height, bar_width, height}, trough);
    const int length = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * bar_width));
    fill({left_, y_ - height, length, height}, scalar(colour));
    if (limit >= 0) fill({left_ + static_cast<int>(std::lround(limit * bar_width)), y_ - height, 2, height + 5}, mark);
  }

  void skip(int pixels) { y_ += pixels; }
  void move_to(int y) { y_ = std::max(y_, y); }

 private:
  static int width(const std::string& words, double scale) {
    return cv::getTextSize(words, cv::FONT_HERSHEY_SIMPLEX, scale, 1, nullptr).width;
  }
  void put(const std::string& words, int x, int y, const cv::Scalar& colour, double scale) {
    cv::putText(canvas_, words, {x, y}, cv::FONT_HERSHEY_SIMPLEX, scale, colour, 1, cv::LINE_AA);
  }
  void fill(const cv::Rect& place, const cv::Scalar& colour) {
    if (place.width > 0) cv::rectangle(canvas_, place, colour, cv::FILLED);
  }

  cv::Mat canvas_;
  int left_, y_ = margin;
};

cv::Mat over(image::Image& picture) {
  return {picture.height, picture.width, CV_8UC3, picture.pixels.data()};
}

void write_answer(Panel& panel, const model::Card& card, const infer::Answer& answer) {
  panel.write(card.name, faint);
  const auto order = infer::ranking(answer);
  for (std::size_t rank = 0; rank < std::min(order.size(), most_classes); ++rank) {
    const double share = static_cast<double>(answer.probabilities[order[rank]]);
    panel.bar(card.classes[order[rank]], fmt::format("{:.2f}", share), share, class_colour);
  }
  panel.skip(line / 2);
  if (!card.malignant.empty()) {
    const bool above = infer::above_threshold(card, answer);
    std::string value = fmt::format("{:.2f}", answer.malignant);
    if (card.malignant_threshold)
      value += fmt::format(" ({} {:.2g})", above ? "above" : "below", *card.malignant_threshold);
    panel.bar("malignant", value, answer.malignant, above ? alarm_colour : calm_colour,
              card.malignant_threshold.value_or(-1));
  }
  if (infer::unlike_training(card, answer))
    panel.write("unlike the training pictures: do not rely on this answer", red);
}

}  // namespace

image::Image draw_overlay(const image::Image& frame, const Shown& shown) {
  const double scale =
      std::min(static_cast<double>(view_height) / frame.height, static_cast<double>(most_width) / frame.width);
  const int width = std::max(1, static_cast<int>(std::lround(frame.width * scale)));
  const int height = std::max(1, static_cast<int>(std::lround(frame.height * scale)));
  image::Image drawn(width + panel_width, view_height);
  cv::Mat canvas = over(drawn);
  canvas.setTo(background);
  image::Image source = frame;
  cv::Mat view = canvas(cv::Rect(0, 0, width, height));
  cv::resize(over(source), view, view.size(), 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  const Square square = square_of(frame);
  const auto scaled = [&](int length) { return static_cast<int>(std::lround(length * scale)); };
  cv::rectangle(view, {scaled(square.x), scaled(square.y), scaled(square.side), scaled(square.side)},
                shown.frozen ? frozen_mark : mark, 2);

  Panel panel(canvas, width);
  write_answer(panel, shown.card, shown.look.answer);
  panel.skip(line / 2);
  for (const auto& finding : shown.look.findings) panel.write(finding.words, yellow);
  if (shown.look.findings.empty()) panel.write("sharp, well lit", faint);
  panel.move_to(view_height - 5 * line);
  if (shown.frozen) panel.write("frozen", frozen_mark);
  if (!shown.note.empty()) panel.write(shown.note, faint);
  panel.move_to(view_height - 3 * line);
  panel.write("space: freeze   s: save   q: quit", faint);
  panel.write(infer::notice, text, 0.7);
  return drawn;
}

}  // namespace naevus::watch
