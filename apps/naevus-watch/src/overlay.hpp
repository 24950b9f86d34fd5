#pragma once
#include <array>
#include <string>

#include "look.hpp"

namespace naevus::watch {

/// Red, green, blue.
using Colour = std::array<std::uint8_t, 3>;
inline constexpr Colour class_colour{92, 148, 220}, calm_colour{96, 176, 112}, alarm_colour{240, 160, 40};

/// In pixels: a bar at probability 1, and the room for the picture, which is scaled to fit.
inline constexpr int bar_width = 400, view_height = 720, most_width = 960;

struct Shown {
  const model::Card& card;
  const Look& look;
  bool frozen = false;
  std::string note = {};  ///< a line below
};

/// The frame with its square marked; right of it the classes as bars, most probable first, the malignant
/// share against the threshold, what is wrong with the picture, and that this is not a diagnosis.
image::Image draw_overlay(const image::Image& frame, const Shown& shown);

}  // namespace naevus::watch
