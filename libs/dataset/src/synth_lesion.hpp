#pragma once
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "naevus/base/random.hpp"
#include "synth_field.hpp"

namespace naevus::dataset::synth {

/// What lies in a square piece of skin, as amounts per pixel; colour follows from them as it does in skin: melanin and
/// blood absorb (Beer-Lambert), deep melanin looks blue-grey (Tyndall), scar and keratin scatter.
struct Skin {
  int side = 0;
  Field melanin;  ///< optical density; 0.1 fair skin, 1 brown, 3 black
  Field blood;    ///< optical density; 0.1 pale, 1 red
  Field blue;     ///< share of deep melanin, 0 to 1
  Field white;    ///< share of scar, scale or milia, 0 to 1
  Field keratin;  ///< share of yellow keratin, 0 to 1
};

/// Skin without a lesion: tone, mottling, furrows, follicles.
Skin bare_skin(int side, Random random);

/// Red, green, blue in [0, 1].
cv::Mat_<cv::Vec3f> colour(const Skin& skin);

/// The border of a lesion around the middle of the canvas.
class Outline {
 public:
  struct Options {
    double radius;        ///< canvas units
    double elongation;    ///< 0: round; 0.3: one axis 30 % shorter
    double irregularity;  ///< size of the lobes, as a share of the radius
    double wobble;        ///< size of the fine raggedness
    double softness;      ///< width of the fading edge, as a share of the radius
  };
  Outline(int side, const Options& options, Random& random);

  Field inside;                         ///< 1 within, 0 outside
  Field radius;                         ///< 0 in the middle, 1 on the border
  float size() const { return size_; }  ///< the mean radius in pixels

  /// The pixel at an angle and at a share of the way to the border.
  cv::Point2f point(double share, double angle) const;
  cv::Point2f random_point(double low, double high, Random& random) const;
  /// A ragged patch inside, with its middle between two shares of the way out and a radius as a share of the lesion's.
  struct Patch {
    double nearest, farthest, radius;
  };
  Field patch(const Patch& options, Random& random) const;

 private:
  double border(double angle) const;

  int side_;
  float size_;
  double squeeze_, tilt_;
  std::vector<double> border_;
};

/// One drawing for each class: the lesion, in the middle of the canvas, laid into the skin.
void draw_akiec(Skin& skin, Random& random);
void draw_bcc(Skin& skin, Random& random);
void draw_bkl(Skin& skin, Random& random);
void draw_df(Skin& skin, Random& random);
void draw_mel(Skin& skin, Random& random);
void draw_nv(Skin& skin, Random& random);
void draw_vasc(Skin& skin, Random& random);

}  // namespace naevus::dataset::synth
