#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>

#include "naevus/base/error.hpp"
#include "naevus/dataset/synth.hpp"
#include "synth_lesion.hpp"
#include "synth_view.hpp"

namespace naevus::dataset {
namespace {

using Draw = void (*)(synth::Skin&, Random&);

const std::map<std::string, Draw>& draws() {
  static const std::map<std::string, Draw> table{
      {"akiec", synth::draw_akiec}, {"bcc", synth::draw_bcc}, {"bkl", synth::draw_bkl},  {"df", synth::draw_df},
      {"mel", synth::draw_mel},     {"nv", synth::draw_nv},   {"vasc", synth::draw_vasc}};
  return table;
}

/// Pixels of the canvas' side: the frame shows four fifths of it. Larger pictures are enlarged from the largest canvas,
/// whose planes still fit into memory on every thread.
int canvas_side(int width, int height) {
  return std::min(1536, std::max(width, height) * 5 / 4);
}

}  // namespace

const std::vector<std::string>& synthetic_classes() {
  static const std::vector<std::string> classes = [] {
    std::vector<std::string> names;
    for (const auto& [name, draw] : draws()) names.push_back(name);
    return names;
  }();
  return classes;
}

image::Image render_lesion(const std::string& label, int width, int height, Random lesion, Random view) {
  if (std::min(width, height) < 32 || std::max(width, height) > 4096)
    throw UsageError(fmt::format("{}x{} pixels can't be rendered", width, height), "--size", "32 to 4096 on each side");
  const auto draw = draws().find(label);
  if (draw == draws().end()) throw UsageError(fmt::format("no synthetic lesion is called '{}'", label));
  synth::Skin skin = synth::bare_skin(canvas_side(width, height), Random(lesion.next()));
  Random body(lesion.next());
  draw->second(skin, body);
  return synth::photograph(synth::colour(skin), width, height, view);
}

}  // namespace naevus::dataset
