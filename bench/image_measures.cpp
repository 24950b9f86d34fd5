// Prints how well and how fast libs/image judges pictures.
// usage: image_measures lesions IMAGES MASKS   the segmentation of IMAGES/<id>.jpg against MASKS/<id>_segmentation.png
//        image_measures hair IMAGES            hair drawn on pictures without: is it found, is the lesion left alone
//        image_measures speed IMAGES           processor time per picture
//        image_measures scores IMAGES...       every score of every picture, as CSV

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "naevus/base/file.hpp"
#include "naevus/base/random.hpp"
#include "naevus/image/artefacts.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/hair.hpp"
#include "naevus/image/inspect.hpp"
#include "naevus/image/lesion.hpp"
#include "naevus/image/measure.hpp"
#include "naevus/image/quality.hpp"

namespace {

namespace fs = std::filesystem;
using namespace naevus;
using image::Image;

std::vector<fs::path> pictures_in(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (image::has_picture_extension(entry.path())) out.push_back(entry.path());
  std::ranges::sort(out);
  return out;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// Spearman's; ties are rare here and get neighbouring ranks.
double rank_correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto ranks = [](const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
    std::vector<double> rank(values.size());
    for (std::size_t i = 0; i < order.size(); ++i) rank[order[i]] = static_cast<double>(i);
    return rank;
  };
  const auto ra = ranks(a), rb = ranks(b);
  const auto n = static_cast<double>(a.size());
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) squares += (ra[i] - rb[i]) * (ra[i] - rb[i]);
  return 1 - 6 * squares / (n * (n * n - 1));
}

struct Overlap {
  double dice, found_area, true_area, distance;
};

Overlap compare(const image::Mask& found, const Image& truth, const image::Lesion& lesion) {
  double both = 0, mine = 0, theirs = 0, x_sum = 0, y_sum = 0;
  for (int y = 0; y < truth.height; ++y) {
    for (int x = 0; x < truth.width; ++x) {
      const bool a = found.at(x, y), b = truth.at(x, y)[0] > 127;
      both += a && b, mine += a, theirs += b;
      if (b) x_sum += x + 0.5, y_sum += y + 0.5;
    }
  }
  const double pixels = static_cast<double>(truth.width) * truth.height;
  const double dx = lesion.center_x - x_sum / std::max(theirs, 1.0) / truth.width;
  const double dy = lesion.center_y - y_sum / std::max(theirs, 1.0) / truth.height;
  return {2 * both / std::max(mine + theirs, 1.0), mine / pixels, theirs / pixels, std::hypot(dx, dy)};
}

int lesions(const fs::path& images, const fs::path& masks) {
  std::vector<double> dice, found_area, true_area, area_error, distance;
  int none = 0;
  for (const fs::path& path : pictures_in(images)) {
    const Image truth = image::load(masks / (path.stem().string() + "_segmentation.png"));
    const Image picture = image::load(path);
    const image::Lesion lesion = image::find_lesion(picture);
    const Overlap overlap = compare(image::lesion_mask(picture), truth, lesion);
    none += !lesion.found;
    dice.push_back(overlap.dice);
    found_area.push_back(overlap.found_area);
    true_area.push_back(overlap.true_area);
    area_error.push_back(std::abs(overlap.found_area - overlap.true_area) / overlap.true_area);
    distance.push_back(overlap.distance);
  }
  const auto above = [&](double least) {
    return static_cast<double>(std::ranges::count_if(dice, [&](double d) { return d >= least; })) /
           static_cast<double>(dice.size());
  };
  std::vector<double> jaccard;
  for (const double d : dice) jaccard.push_back(d / (2 - d));
  fmt::print("{} pictures, no lesion found in {}\n", dice.size(), none);
  fmt::print("Dice         median {:.3f}, mean {:.3f}; at least 0.5 in {:.1f} %, 0.8 in {:.1f} %\n", median(dice),
             std::reduce(dice.begin(), dice.end()) / static_cast<double>(dice.size()), 100 * above(0.5),
             100 * above(0.8));
  fmt::print("Jaccard      median {:.3f}\n", median(jaccard));
  fmt::print("area         rank correlation {:.3f}, median relative error {:.3f}\n",
             rank_correlation(found_area, true_area), median(area_error));
  fmt::print("centre       median distance {:.3f} of the sides\n", median(distance));
  return 0;
}

/// A hair and how much of each pixel it covers.
struct Stroke {
  double x[3], y[3], width, light, opacity;
};

/// Curved strokes, antialiased: coverage falls from 1 to 0 over the pixel at the stroke's rim.
std::vector<double> coverage_of(const Stroke& hair, int width, int height) {
  std::vector<double> cover(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  constexpr int steps = 600;
  const int reach = static_cast<int>(hair.width) + 2;
  for (int i = 0; i <= steps; ++i) {
    const double t = static_cast<double>(i) / steps, a = (1 - t) * (1 - t), b = 2 * t * (1 - t), c = t * t;
    const double px = a * hair.x[0] + b * hair.x[1] + c * hair.x[2], py = a * hair.y[0] + b * hair.y[1] + c * hair.y[2];
    for (int y = std::max(0, static_cast<int>(py) - reach); y <= std::min(height - 1, static_cast<int>(py) + reach);
         ++y) {
      for (int x = std::max(0, static_cast<int>(px) - reach); x <= std::min(width - 1, static_cast<int>(px) + reach);
           ++x) {
        const double distance = std::hypot(x + 0.5 - px, y + 0.5 - py);
        double& at = cover[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
        at = std::max(at, std::clamp(hair.width / 2 + 0.5 - distance, 0.0, 1.0));
      }
    }
  }
  return cover;
}

struct Haired {
  Image picture;
  std::vector<double> cover;  ///< per pixel, in [0, 1]
};

Haired with_hair(const Image& clean, Random random, bool light) {
  Haired out{clean, std::vector<double>(clean.pixels.size() / 3)};
  const double side = std::min(clean.width, clean.height);
  for (std::uint64_t i = 0, n = 6 + random.below(14); i < n; ++i) {
    Stroke hair{};
    const double angle = random.uniform(0, 6.283), length = random.uniform(0.3, 0.9) * side,
                 bend = random.uniform(-0.2, 0.2) * length;
    const double cx = random.uniform(0, clean.width), cy = random.uniform(0, clean.height);
    const double dx = std::cos(angle), dy = std::sin(angle);
    for (int k = 0; k < 3; ++k) {
      hair.x[k] = cx + dx * length * (k - 1) / 2 - (k == 1 ? dy * bend : 0);
      hair.y[k] = cy + dy * length * (k - 1) / 2 + (k == 1 ? dx * bend : 0);
    }
    hair.width = random.uniform(1.5, 4) * side / 224;
    hair.light = light ? random.uniform(225, 250) : random.uniform(15, 60);
    hair.opacity = random.uniform(0.75, 1);
    const auto cover = coverage_of(hair, clean.width, clean.height);
    for (std::size_t p = 0; p < cover.size(); ++p) {
      if (cover[p] == 0) continue;
      out.cover[p] = std::max(out.cover[p], cover[p]);
      for (std::size_t c = 0; c < 3; ++c) {
        const double color = hair.light * (c == 0 ? 1.0 : c == 1 ? 0.9 : 0.85), share = cover[p] * hair.opacity;
        std::uint8_t& v = out.picture.pixels[3 * p + c];
        v = static_cast<std::uint8_t>(std::lround(v + share * (color - v)));
      }
    }
  }
  return out;
}

struct HairFigures {
  std::vector<double> iou, changed, visibly, error_before, error_after, milliseconds;
};

void measure_hair(const Image& clean, bool light, Random random, HairFigures& figures) {
  const Haired haired = with_hair(clean, random, light);
  const image::Mask found = image::hair_mask(haired.picture), lesion = image::lesion_mask(clean);
  const auto begin = std::chrono::steady_clock::now();
  const Image removed = image::remove_hair(haired.picture);
  figures.milliseconds.push_back(
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  double both = 0, either = 0, pixels = 0, changed = 0, visibly = 0, before = 0, after = 0, hairs = 0;
  for (std::size_t p = 0; p < found.values.size(); ++p) {
    const bool mine = found.values[p] != 0, truth = haired.cover[p] >= 0.5;
    both += mine && truth, either += mine || truth;
    int step = 0, now = 0, was = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      step = std::max(step, std::abs(removed.pixels[3 * p + c] - haired.picture.pixels[3 * p + c]));
      now += std::abs(removed.pixels[3 * p + c] - clean.pixels[3 * p + c]);
      was += std::abs(haired.picture.pixels[3 * p + c] - clean.pixels[3 * p + c]);
    }
    if (haired.cover[p] > 0) ++hairs, before += was, after += now;
    if (haired.cover[p] > 0 || lesion.values[p] == 0) continue;
    ++pixels, changed += step > 0, visibly += step > 10;
  }
  figures.iou.push_back(both / std::max(either, 1.0));
  figures.error_before.push_back(before / (3 * std::max(hairs, 1.0)));
  figures.error_after.push_back(after / (3 * std::max(hairs, 1.0)));
  if (pixels > 0) figures.changed.push_back(changed / pixels), figures.visibly.push_back(visibly / pixels);
}

double mean(const std::vector<double>& values) {
  return std::reduce(values.begin(), values.end()) / static_cast<double>(std::max<std::size_t>(values.size(), 1));
}

/// Hair drawn on pictures without: is it found, and is the lesion left alone?
int hair(const fs::path& folder) {
  constexpr std::size_t every = 6;
  HairFigures figures[2];
  std::vector<double> eaten;
  std::uint64_t n = 0;
  for (const fs::path& path : pictures_in(folder)) {
    if (++n % every != 0) continue;
    const Image clean = image::load(path);
    if (image::find_artefacts(clean).hair.score > 0.05) continue;
    for (const bool light : {false, true}) measure_hair(clean, light, Random(1, {n, light}), figures[light]);
    const image::Mask lesion = image::lesion_mask(clean);
    const Image same = image::remove_hair(clean);
    double pixels = 0, changed = 0;
    for (std::size_t p = 0; p < lesion.values.size(); ++p) {
      if (lesion.values[p] == 0) continue;
      ++pixels;
      changed += !std::equal(&same.pixels[3 * p], &same.pixels[3 * p] + 3, &clean.pixels[3 * p]);
    }
    if (pixels > 0) eaten.push_back(changed / pixels);
  }
  for (const bool light : {false, true}) {
    const HairFigures& f = figures[light];
    fmt::print(
        "{} hair on {} pictures: IoU median {:.3f}, mean {:.3f}; lesion pixels off the hair changed {:.2f} % (by more "
        "than 10 levels {:.2f} %); error on the hair {:.1f} levels before, {:.1f} after; {:.2f} ms\n",
        light ? "light" : "dark", f.iou.size(), median(f.iou), mean(f.iou), 100 * mean(f.changed),
        100 * mean(f.visibly), mean(f.error_before), mean(f.error_after), median(f.milliseconds));
  }
  fmt::print("no hair: lesion pixels changed {:.2f} %, more than 1 % in {:.1f} % of {} pictures\n", 100 * mean(eaten),
             100.0 * static_cast<double>(std::ranges::count_if(eaten, [](double e) { return e > 0.01; })) /
                 static_cast<double>(eaten.size()),
             eaten.size());
  return 0;
}

/// Processor time of each step, per picture, everything read beforehand; the median of five rounds.
int speed(const fs::path& folder) {
  std::vector<fs::path> paths = pictures_in(folder);
  if (paths.size() > 500) paths.resize(500);
  std::vector<std::vector<std::byte>> files;
  for (const fs::path& path : paths) files.push_back(read_file(path));
  const auto round = [&](auto&& step) {
    std::vector<double> times;
    for (int i = 0; i < 5; ++i) {
      const std::clock_t begin = std::clock();
      for (std::size_t k = 0; k < files.size(); ++k) step(k);
      times.push_back(1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC /
                      static_cast<double>(files.size()));
    }
    return median(times);
  };
  std::vector<Image> pictures;
  for (const auto& file : files) pictures.push_back(image::decode(file));
  double sink = 0;
  const double decoding = round([&](std::size_t k) { sink += image::decode(files[k]).width; });
  const double inspecting = round([&](std::size_t k) { sink += image::inspect(files[k], paths[k]).findings.empty(); });
  const double measuring = round([&](std::size_t k) { sink += image::measure(pictures[k]).quality.sharpness; });
  const double quality = round([&](std::size_t k) { sink += image::measure_quality(pictures[k]).sharpness; });
  const double artefacts = round([&](std::size_t k) { sink += image::find_artefacts(pictures[k]).hair.score; });
  const double hairs = round([&](std::size_t k) { sink += image::remove_hair(pictures[k]).width; });
  fmt::print(
      "{} pictures of {} x {}; ms of processor time each: decode {:.3f}, inspect and decode {:.3f}, measure {:.3f} "
      "(quality alone {:.3f}, artefacts alone {:.3f}), remove_hair {:.3f}\n",
      files.size(), pictures[0].width, pictures[0].height, decoding, inspecting, measuring, quality, artefacts, hairs);
  fmt::print("over decoding: {:.3f} ms ({:.0f})\n", inspecting - decoding + measuring, sink);
  return 0;
}

/// One line a picture: every score, for montages and for thresholds.
int scores(const std::vector<std::string>& folders) {
  fmt::print(
      "image,sharpness,luma_5,luma_50,luma_95,clipped_dark,clipped_bright,contrast,entropy,blockiness,lesion_area,"
      "lesion_border,lesion_contrast,hair,ruler,ink,vignette,bubbles,patches\n");
  for (const fs::path folder : folders) {
    for (const fs::path& path : pictures_in(folder)) {
      const Image picture = image::load(path);
      const image::Quality q = image::measure_quality(picture);
      const image::Artefacts a = image::find_artefacts(picture);
      fmt::print(
          "{},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.3f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},"
          "{:.4f},{:.4f},{:.4f}\n",
          path.string(), q.sharpness, q.luma_5, q.luma_50, q.luma_95, q.clipped_dark, q.clipped_bright, q.contrast,
          q.entropy, q.blockiness, q.lesion.area, q.lesion.border, q.lesion.contrast, a.hair.score, a.ruler.score,
          a.ink.score, a.vignette.score, a.bubbles.score, a.patches.score);
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 3 && words[0] == "lesions") return lesions(words[1], words[2]);
  if (words.size() == 2 && words[0] == "speed") return speed(words[1]);
  if (words.size() == 2 && words[0] == "hair") return hair(words[1]);
  if (words.size() >= 2 && words[0] == "scores") return scores({words.begin() + 1, words.end()});
  fmt::print(stderr, "usage: image_measures lesions IMAGES MASKS | hair IMAGES | speed IMAGES | scores IMAGES...\n");
  return 2;
}
