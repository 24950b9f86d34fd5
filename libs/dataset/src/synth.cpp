#include "naevus/dataset/synth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <set>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/dataset/manifest.hpp"
#include "naevus/image/encode.hpp"

namespace naevus::dataset {
namespace {

namespace fs = std::filesystem;

/// Random streams of one data set: what is drawn from one does not change another.
enum Stream : std::uint64_t { plan_stream, person_stream, lesion_stream, view_stream };

struct Share {
  const char* label;
  double share;  ///< of the pictures
  int age;       ///< about which the ages lie
  double men;    ///< share of men
};

/// Mildly unequal, so that small sets have every class; ages and sexes roughly as such lesions have them.
constexpr std::array<Share, 7> shares{{{"nv", 0.30, 45, 0.5},
                                       {"mel", 0.15, 60, 0.6},
                                       {"bkl", 0.14, 65, 0.55},
                                       {"bcc", 0.13, 68, 0.6},
                                       {"akiec", 0.11, 70, 0.65},
                                       {"vasc", 0.09, 50, 0.45},
                                       {"df", 0.08, 50, 0.4}}};

constexpr std::array<const char*, 8> sites{"back", "lower extremity", "trunk", "upper extremity", "abdomen",
                                           "face", "chest",           "neck"};

/// One picture to be rendered.
struct Planned {
  std::size_t kind = 0;    ///< index into shares
  std::size_t lesion = 0;  ///< from 0
};

/// Pictures of each class: every class one while they last, the rest by largest remainder.
std::array<std::size_t, shares.size()> quotas(std::size_t images) {
  std::array<std::size_t, shares.size()> count{};
  const std::size_t given = std::min(images, shares.size());
  std::fill_n(count.begin(), given, 1);
  std::size_t left = images - given;
  while (left > 0) {
    std::size_t neediest = 0;
    double largest = -1e9;
    for (std::size_t k = 0; k < shares.size(); ++k) {
      const double lack = shares[k].share * static_cast<double>(images) - static_cast<double>(count[k]);
      if (lack > largest) {
        largest = lack;
        neediest = k;
      }
    }
    // All at once where many are missing, so that large sets cost nothing.
    const auto step = std::clamp<std::size_t>(static_cast<std::size_t>(std::max(1.0, largest)), 1, left);
    count[neediest] += step;
    left -= step;
  }
  return count;
}

/// Which picture shows which lesion of which class, in a shuffled order. One lesion in five has two pictures, except in
/// classes of under five pictures, which need their lesions for the parts of a split.
std::vector<Planned> plan(const SynthOptions& options) {
  Random random(options.seed, {plan_stream});
  const auto count = quotas(static_cast<std::size_t>(options.images));
  std::vector<Planned> pictures;
  std::size_t lesion = 0;
  for (std::size_t kind = 0; kind < shares.size(); ++kind) {
    for (std::size_t left = count[kind]; left > 0; ++lesion) {
      const std::size_t views = left >= 2 && count[kind] >= 5 && random.chance(0.2) ? 2 : 1;
      pictures.insert(pictures.end(), views, {kind, lesion});
      left -= views;
    }
  }
  random.shuffle(std::span(pictures));
  return pictures;
}

Entry describe(const Planned& picture, std::size_t index, std::uint64_t seed) {
  const Share& kind = shares[picture.kind];
  Random person(seed, {person_stream, picture.lesion});
  const double age = std::clamp(kind.age + 14 * person.normal(), 5.0, 90.0);
  return {.image = fmt::format("images/synth_{:06}.jpg", index + 1),
          .label = kind.label,
          .lesion_id = fmt::format("lesion_{:06}", picture.lesion + 1),
          .age = std::to_string(5 * std::lround(age / 5)),
          .sex = person.chance(kind.men) ? "male" : "female",
          .site = sites[person.below(sites.size())],
          .source = "synthetic"};
}

std::string notice(const SynthOptions& options) {
  return fmt::format(
      "SYNTHETIC PICTURES\n\n"
      "The pictures in this folder were rendered by `naevus synth --images {} --seed {} --size {}x{}`. They show no "
      "patient and no\n"
      "real lesion. They are for trying out and testing the software; a score on them says nothing about its worth on\n"
      "patients, and a model that was trained on them must not be used on patients.\n\n"
      "manifest.csv names each picture's class and lesion; age, sex and site are made up too.\n",
      options.images, options.seed, options.width, options.height);
}

void check(const fs::path& out, const SynthOptions& options) {
  if (options.images < 1)
    throw UsageError(fmt::format("{} pictures can't be rendered", options.images), "--images", "1 or more");
  if (std::min(options.width, options.height) < 32 || std::max(options.width, options.height) > 4096)
    throw UsageError(fmt::format("{}x{} pixels can't be rendered", options.width, options.height), "--size",
                     "32 to 4096 on each side");
  std::error_code ignored;
  if (!fs::exists(out, ignored)) return;
  if (!fs::is_directory(out, ignored)) throw UsageError("is a file, not a folder", out.string(), "name a new folder");
  if (!fs::is_empty(out, ignored))
    throw UsageError("the folder holds something already", out.string(), "name a new folder, or empty this one first");
}

}  // namespace

SynthResult synthesise(const fs::path& out, const SynthOptions& options, WorkerPool& pool) {
  check(out, options);
  const std::vector<Planned> pictures = plan(options);
  make_folder(out / "images");
  write_file(out / "README.txt", notice(options));

  SynthResult result{.manifest = out / "manifest.csv", .images = pictures.size()};
  Manifest manifest{.path = result.manifest};
  std::set<std::size_t> lesions;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    manifest.entries.push_back(describe(pictures[i], i, options.seed));
    lesions.insert(pictures[i].lesion);
    ++result.classes[manifest.entries.back().label];
  }
  result.lesions = lesions.size();

  const StopToken stop = interrupt_token();
  Progress progress("rendering", pictures.size());
  pool.for_each(pictures.size(), [&](std::size_t i) {
    stop.check();
    const Entry& entry = manifest.entries[i];
    const image::Image picture = render_lesion(entry.label, options.width, options.height,
                                               Random(options.seed, {lesion_stream, pictures[i].lesion}),
                                               Random(options.seed, {view_stream, i}));
    write_file(manifest.image_path(entry), image::encode_jpeg(picture));
    progress.advance();
  });
  write_manifest(manifest, result.manifest);
  return result;
}

}  // namespace naevus::dataset
