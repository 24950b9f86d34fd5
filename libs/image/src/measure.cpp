#include "naevus/image/measure.hpp"

#include "shared.hpp"

namespace naevus::image {

Measures measure(const Image& image) {
  const Planes planes = planes_of(image);
  const Field field = field_of(planes);
  const Segmented found = segment(planes);
  return {measure_quality(image, planes, field, found.lesion), find_artefacts(planes, field, found.mask)};
}

}  // namespace naevus::image
