// Throughput of the augmentation, on one thread, in the processor's time: others on the machine count less.
//   augment_bench PICTURES…                     every step alone, then whole sets: a table
//   augment_bench --set usual|all PICTURES…     milliseconds a picture for a second of that set, for compare.py
#include <fmt/format.h>

#include <cstdio>
#include <ctime>
#include <exception>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "naevus/image/augment.hpp"
#include "naevus/image/decode.hpp"

namespace {

using naevus::image::Augmentation;
using naevus::image::Image;

constexpr naevus::image::Preparation preparation{.width = 224, .height = 224};

/// What torchvision can do too, at naevus's defaults.
Augmentation usual() {
  return {.cutout = 0.5};
}

Augmentation all() {
  Augmentation options = usual();
  options.perspective = 0.1;
  options.elastic = 0.02;
  options.noise = 12;
  options.jpeg = 0.5;
  return options;
}

double milliseconds(const std::vector<Image>& pictures, const Augmentation& options, double seconds) {
  const auto begin = std::clock();
  std::uint64_t count = 0;
  double passed = 0;
  while (passed < seconds) {
    for (const Image& picture : pictures)
      augment(picture, preparation, options, naevus::image::augmentation_stream(1, 0, count++));
    passed = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  }
  return 1000 * passed / static_cast<double>(count);
}

void print_table(const std::vector<Image>& pictures) {
  struct Row {
    const char* name;
    std::function<void(Augmentation&)> switch_on;
  };
  const std::vector<Row> rows = {
      {"nothing", [](Augmentation&) {}},
      {"flip, quarter turns", [](Augmentation& o) { o.flip = o.quarter_turns = true; }},
      {"rotation, scale, shear", [](Augmentation& o) { o.rotation = 180, o.scale_low = 0.8, o.shear = 5; }},
      {"perspective", [](Augmentation& o) { o.perspective = 0.1; }},
      {"elastic", [](Augmentation& o) { o.elastic = 0.02; }},
      {"brightness to hue", [](Augmentation& o) { o.brightness = o.contrast = o.saturation = 0.15, o.hue = 0.02; }},
      {"blur", [](Augmentation& o) { o.blur = 1; }},
      {"noise", [](Augmentation& o) { o.noise = 12; }},
      {"JPEG", [](Augmentation& o) { o.jpeg = 1; }},
      {"hair", [](Augmentation& o) { o.hair = 1; }},
      {"ruler", [](Augmentation& o) { o.ruler = 1; }},
      {"vignette", [](Augmentation& o) { o.vignette = 1; }},
      {"cutout", [](Augmentation& o) { o.cutout = 1; }},
      {"RandAugment, 2 at 5", [](Augmentation& o) { o.randaugment = 2; }},
  };
  fmt::print("{:<26}{:>10}{:>12}\n", "224 x 224, one thread", "ms", "a second");
  const auto print = [&](const char* name, const Augmentation& options) {
    const double time = milliseconds(pictures, options, 0.5);
    fmt::print("{:<26}{:>10.3f}{:>12.0f}\n", name, time, 1000 / time);
  };
  for (const Row& row : rows) {
    Augmentation options = naevus::image::no_augmentation();
    row.switch_on(options);
    print(row.name, options);
  }
  print("the defaults", {});
  print("the defaults and cutout", usual());
  print("these, distortion, noise, JPEG", all());
}

int run(std::span<char*> words) {
  std::string set;
  if (words.size() > 1 && std::string(words[0]) == "--set") {
    set = words[1];
    words = words.subspan(2);
  }
  if (words.empty() || !(set.empty() || set == "usual" || set == "all")) {
    fmt::print(stderr, "usage: augment_bench [--set usual|all] PICTURES…\n");
    return 2;
  }
  std::vector<Image> pictures;
  for (const char* word : words) pictures.push_back(prepare(naevus::image::load(word), preparation));
  if (set.empty())
    print_table(pictures);
  else
    fmt::print("{:.5f}\n", milliseconds(pictures, set == "usual" ? usual() : all(), 1));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
