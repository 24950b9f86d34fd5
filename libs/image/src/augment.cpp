#include "naevus/image/augment.hpp"

#include "augment_camera.hpp"
#include "augment_geometry.hpp"
#include "augment_overlays.hpp"
#include "augment_plan.hpp"
#include "color_matrix.hpp"
#include "naevus/base/error.hpp"
#include "one_thread.hpp"

namespace naevus::image {

Augmentation no_augmentation() {
  return {.flip = false,
          .rotation = 0,
          .scale_low = 1,
          .scale_high = 1,
          .aspect = 0,
          .shift = 0,
          .shear = 0,
          .brightness = 0,
          .contrast = 0,
          .saturation = 0,
          .hue = 0,
          .white_balance = 0,
          .blur = 0,
          .cutout = 0};
}

Random augmentation_stream(std::uint64_t seed, std::uint64_t epoch, std::uint64_t position) {
  constexpr std::uint64_t stream = 2;  // as the runs of the shipped models drew
  return Random(seed, {stream, epoch, position});
}

Image augment(const Image& image, const Preparation& preparation, const Augmentation& options, Random random) {
  validate(options);
  if (preparation.width <= 0 || preparation.height <= 0 || preparation.width > sample_limit ||
      preparation.height > sample_limit)
    throw UsageError("a picture can't be sampled to this size", "input size");
  if (image.width <= 0 || image.height <= 0) throw InputError("the picture has no pixels");
  keep_opencv_on_one_thread();
  const Plan plan = draw_plan(options, random);
  Image out = sample(image, preparation, plan);
  if (plan.hairs > 0) draw_hairs(out, plan.hairs, plan.hair_seed);
  if (plan.ruler) draw_ruler(out, plan.ruler_seed);
  if (plan.vignette > 0) draw_vignette(out, plan.vignette, plan.vignette_seed);
  change_color(out, plan.color);
  if (plan.blur > 0) blur(out, plan.blur);
  if (plan.noise > 0) add_noise(out, plan.noise, plan.noise_seed);
  if (plan.jpeg > 0) leave_jpeg_traces(out, plan.jpeg);
  if (plan.cutout > 0) cut_out(out, plan.cutout, plan.cutout_x, plan.cutout_y);
  return out;
}

}  // namespace naevus::image
