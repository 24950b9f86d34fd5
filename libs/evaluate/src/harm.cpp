#include "harm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "naevus/image/corruptions.hpp"

namespace naevus::evaluate {
namespace {

constexpr std::array degrees{15, 30, 45, 60, 90};
constexpr std::array per_cent_kept{90, 80, 70, 60, 50};

/// Only what brings the picture to the input size.
image::Preparation framing(const image::Preparation& preparation) {
  image::Preparation first;
  first.width = preparation.width;
  first.height = preparation.height;
  first.frame = preparation.frame;
  first.vignette = preparation.vignette;
  first.resize = preparation.resize;
  return first;
}

/// What is left to do on a picture of the input size.
image::Preparation after_framing(image::Preparation preparation) {
  preparation.frame = image::Frame::whole;
  preparation.vignette = image::Vignette::none;
  return preparation;
}

std::size_t level_of(const Harm& harm) {
  return static_cast<std::size_t>(harm.severity - 1);
}

}  // namespace

std::vector<Harm> all_harms() {
  std::vector<Harm> harms;
  for (const image::Corruption kind : image::all_corruptions)
    for (int severity = 1; severity <= image::corruption_severities; ++severity)
      harms.push_back({image::to_string(kind), severity, ""});
  for (std::size_t k = 0; k < degrees.size(); ++k)
    harms.push_back({"rotation", static_cast<int>(k) + 1, fmt::format("{} degrees", degrees.at(k))});
  for (std::size_t k = 0; k < per_cent_kept.size(); ++k)
    harms.push_back({"crop", static_cast<int>(k) + 1, fmt::format("{} % of each side", per_cent_kept.at(k))});
  return harms;
}

bool is_corruption(const Harm& harm) {
  return harm.strength.empty();
}

image::Image unharmed(const image::Image& picture, const image::Preparation& preparation) {
  return image::prepare(image::prepare(picture, framing(preparation)), after_framing(preparation));
}

image::Image harmed(const image::Image& picture, const image::Preparation& preparation, const Harm& harm,
                    std::uint64_t seed, std::uint64_t stream) {
  if (harm.kind == "rotation") return unharmed(image::rotated(picture, degrees.at(level_of(harm))), preparation);
  if (harm.kind == "crop")
    return unharmed(image::middle_of(picture, per_cent_kept.at(level_of(harm)) / 100.0), preparation);
  const auto kind = std::find_if(image::all_corruptions.begin(), image::all_corruptions.end(),
                                 [&](image::Corruption one) { return image::to_string(one) == harm.kind; });
  const Random random(seed, {stream, static_cast<std::uint64_t>(kind - image::all_corruptions.begin()),
                             static_cast<std::uint64_t>(harm.severity)});
  const image::Image framed = image::prepare(picture, framing(preparation));
  return image::prepare(image::corrupted(framed, *kind, harm.severity, random), after_framing(preparation));
}

}  // namespace naevus::evaluate
