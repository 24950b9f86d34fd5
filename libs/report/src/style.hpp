#pragma once
#include <array>
#include <string>
#include <string_view>

namespace naevus::report {

/// The colours of one theme, as #rrggbb; heat as "red green blue", so that a cell can give it an opacity.
struct Theme {
  std::string_view paper, ink, quiet, rule, panel, alarm, heat;
  std::array<std::string_view, 8> series;
};

/// Okabe and Ito's colours (2008), darkened on light paper and lightened on dark so far that each stands out 3:1 from
/// it (WCAG 2.2, 1.4.11). Dash patterns tell the lines apart as well.
inline constexpr Theme light_theme{
    .paper = "#ffffff",
    .ink = "#1b1f23",
    .quiet = "#57606a",
    .rule = "#d0d7de",
    .panel = "#f6f8fa",
    .alarm = "#b34700",
    .heat = "86 180 233",
    .series = {"#0072b2", "#d55e00", "#00845f", "#b0578a", "#a87400", "#2f86bd", "#3d3d3d", "#8a7a00"}};
inline constexpr Theme dark_theme{
    .paper = "#14171a",
    .ink = "#e8ebee",
    .quiet = "#a4adb6",
    .rule = "#3a4149",
    .panel = "#1d2226",
    .alarm = "#ff9a4d",
    .heat = "0 114 178",
    .series = {"#56b4e9", "#f2803a", "#2bbf91", "#dd94bd", "#e69f00", "#7fa7ff", "#d9d9d9", "#f0e442"}};

/// The page's style sheet.
std::string style_sheet();

}  // namespace naevus::report
