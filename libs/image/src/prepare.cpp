#include "naevus/image/prepare.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "clean.hpp"
#include "field_of_view.hpp"
#include "frame.hpp"
#include "naevus/image/hair.hpp"

namespace naevus::image {
namespace {

/// Whether a step works on the pixels between crop and resize.
bool works_on_pixels(const Preparation& p) {
  return p.hair_removal != HairRemoval::none || p.denoise != Denoise::none || p.contrast != Contrast::none;
}

bool cleans(const Preparation& p) {
  return works_on_pixels(p) || p.vignette != Vignette::none;
}

View cropped(const Image& image, const Preparation& p) {
  const View frame = framed(image, p.frame);
  return p.vignette == Vignette::crop ? without_vignette(frame) : frame;
}

/// The crop as a picture of its own, at the size that the steps work at.
Image working_copy(const View& view, const Preparation& p) {
  const int side = std::max(view.width, view.height), most = working_side(p);
  const double scale = side > most ? static_cast<double>(most) / side : 1;
  const auto scaled = [scale](int size) { return std::max(1, static_cast<int>(std::lround(scale * size))); };
  return resize(view, scaled(view.width), scaled(view.height), p.resize);
}

}  // namespace

View framed(const Image& image, Frame frame) {
  if (frame == Frame::whole) return whole_of(image);
  const int side = std::min(image.width, image.height);
  return {&image, (image.width - side) / 2, (image.height - side) / 2, side, side};
}

int working_side(const Preparation& preparation) {
  constexpr int usual = 1024;
  return std::max({usual, preparation.width, preparation.height});
}

Image clean(const Image& image, const Preparation& preparation) {
  const View view = cropped(image, preparation);
  if (!works_on_pixels(preparation)) return resize(view, view.width, view.height, preparation.resize);
  Image copy = working_copy(view, preparation);
  if (preparation.hair_removal != HairRemoval::none) copy = remove_hair(copy);
  return with_contrast(denoised(std::move(copy), preparation.denoise), preparation.contrast);
}

Image prepare(const Image& image, const Preparation& preparation) {
  const auto [width, height, filter] = std::tuple(preparation.width, preparation.height, preparation.resize);
  if (!works_on_pixels(preparation)) return resize(cropped(image, preparation), width, height, filter);
  return resize(clean(image, preparation), width, height, filter);
}

Image before_augmentation(Image image, const Preparation& preparation) {
  return cleans(preparation) ? clean(image, preparation) : std::move(image);
}

Preparation after_cleaning(const Preparation& preparation) {
  if (!cleans(preparation)) return preparation;
  return {.width = preparation.width,
          .height = preparation.height,
          .frame = Frame::whole,
          .resize = preparation.resize,
          .colour_constancy = preparation.colour_constancy};
}

}  // namespace naevus::image
