#include "copy_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/copies/find_copies.hpp"
#include "naevus/copies/fingerprint.hpp"
#include "naevus/image/decode.hpp"

namespace naevus::evaluate {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t examples_kept = 20;

std::uint64_t hash_of(const std::string& hexadecimal) {
  std::uint64_t hash = 0;
  std::from_chars(hexadecimal.data(), hexadecimal.data() + hexadecimal.size(), hash, 16);
  return hash;
}

std::string pictures(std::size_t count) {
  return count == 1 ? "1 picture" : grouped(count) + " pictures";
}

Check verdict_of(const char* id, std::vector<std::string> found, const std::string& if_found,
                 const std::string& if_not) {
  Check check{.id = id, .verdict = found.empty() ? Verdict::passed : Verdict::failed, .text = {}, .examples = {}};
  check.count = found.size();
  check.text = found.empty() ? if_not : if_found;
  found.resize(std::min(found.size(), examples_kept));
  check.examples = std::move(found);
  return check;
}

/// Cases whose pixels the card lists as of that part.
std::vector<std::string> seen_again(const model::Card& card, const char* part, const std::vector<Look>& looks,
                                    const Predictions& predictions) {
  std::set<std::string> seen;
  for (const model::SeenPicture& picture : card.seen)
    if (picture.part == part) seen.insert(picture.pixels);
  std::vector<std::string> found;
  for (std::size_t i = 0; i < looks.size(); ++i)
    if (!looks[i].pixels.empty() && seen.contains(looks[i].pixels)) found.push_back(predictions.cases[i].image);
  return found;
}

Check exact_copies(const model::Card& card, const std::vector<Look>& looks, const Predictions& predictions) {
  const auto trained = static_cast<std::size_t>(std::count_if(
      card.seen.begin(), card.seen.end(), [](const model::SeenPicture& picture) { return picture.part == "train"; }));
  if (trained == 0)
    return {.id = "copies",
            .verdict = Verdict::unknown,
            .text = "the model's card lists no training pictures to compare with",
            .examples = {}};
  const auto found = seen_again(card, "train", looks, predictions);
  return verdict_of(
      "copies", found,
      fmt::format("{} of {} are training pictures, pixel by pixel: the scores are too good", grouped(found.size()),
                  grouped(looks.size())),
      fmt::format("none of {} is one of the {} training pictures that the model's card lists, pixel by pixel",
                  pictures(looks.size()), grouped(trained)));
}

/// Whether the card says that this very part of this very manifest calibrated the model.
bool calibrated_on_this(const model::Card& card, const Predictions& predictions) {
  if (predictions.manifest.empty() || card.calibrated_on.empty()) return false;
  const bool same_file = card.calibrated_on.find(hash_hex(read_file(predictions.manifest))) != std::string::npos;
  const bool same_part = predictions.part == "all" ||
                         card.calibrated_on.find("part " + predictions.part) != std::string::npos ||
                         card.calibrated_on.find("part all") != std::string::npos;
  return same_file && same_part;
}

Check fitted_here(const model::Card& card, const std::vector<Look>& looks, const Predictions& predictions) {
  const auto found = seen_again(card, "validation", looks, predictions);
  if (found.empty() && calibrated_on_this(card, predictions))
    return {.id = "fitted_here",
            .verdict = Verdict::failed,
            .text = fmt::format("calibration and thresholds were fitted on this part ({})", card.calibrated_on),
            .examples = {}};
  if (found.empty() && card.calibrated_on.empty())
    return {.id = "fitted_here",
            .verdict = Verdict::passed,
            .text = "the model's card names nothing that was fitted after training",
            .examples = {}};
  return verdict_of("fitted_here", found,
                    fmt::format("{} of {} chose the model's epoch, calibration or thresholds: what is said of them "
                                "here is too good",
                                grouped(found.size()), grouped(looks.size())),
                    fmt::format("calibration and thresholds were fitted on other pictures ({})", card.calibrated_on));
}

/// The training pictures that the manifest names and that are there.
std::vector<fs::path> training_files(const dataset::Manifest& manifest) {
  std::vector<fs::path> files;
  for (const std::size_t i : manifest.in(dataset::Part::train)) {
    fs::path file = manifest.image_path(manifest.entries[i]);
    if (std::error_code error; fs::is_regular_file(file, error)) files.push_back(std::move(file));
  }
  return files;
}

/// Proved on the pixels, the training pictures being at hand.
Check proved_copies(const std::vector<fs::path>& trained, const std::vector<Look>& looks,
                    const Predictions& predictions, WorkerPool& pool, const StopToken& stop) {
  std::vector<copies::Signature> own;
  for (const Look& look : looks) own.push_back(look.signature);
  const auto others = signatures_of(trained, pool, stop);
  const auto pairs = copies::find_copies(
      own, others, {}, [&](std::size_t i) { return image::load(predictions.cases[i].path); },
      [&](std::size_t i) { return image::load(trained[i]); }, pool, stop);
  std::map<std::size_t, std::size_t> first;  // of each case, one training picture
  for (const copies::Pair& pair : pairs) first.emplace(pair.a, pair.b);
  std::vector<std::string> found;
  for (const auto& [a, b] : first)
    found.push_back(fmt::format("{} shows {}", predictions.cases[a].image, trained[b].filename().string()));
  return verdict_of(
      "near_copies", found,
      fmt::format("{} of {} are the same photograph as a picture of the training part, proved on the pixels: the "
                  "scores are too good",
                  grouped(found.size()), grouped(looks.size())),
      fmt::format("none of {} is the same photograph as one of the training part's {}, also when turned, cropped or "
                  "recompressed",
                  pictures(looks.size()), grouped(trained.size())));
}

/// By the card's perceptual hashes alone. Of 1,198 HAM10000 test pictures, each of a lesion of its own, against 4,786
/// other pictures none has an equal hash, one differs in 1 bit, three in 2, eight in 3: only an equal hash is taken for
/// a copy, and up to 2 bits are told as what may be one.
Check suspected_copies(const model::Card& card, const std::vector<Look>& looks, const Predictions& predictions) {
  constexpr int farthest = 2;
  std::vector<std::uint64_t> hashes;
  for (const model::SeenPicture& picture : card.seen)
    if (picture.part == "train") hashes.push_back(hash_of(picture.perceptual));
  if (hashes.empty())
    return {.id = "near_copies",
            .verdict = Verdict::unknown,
            .text = "the model's card lists no training pictures, and the manifest names none that are there",
            .examples = {}};
  std::vector<std::string> equal, alike;
  for (std::size_t i = 0; i < looks.size(); ++i) {
    if (looks[i].pixels.empty()) continue;
    int nearest = farthest + 1;
    for (const std::uint64_t hash : hashes)
      nearest = std::min(nearest, copies::hash_distance(hash, looks[i].perceptual));
    if (nearest == 0) equal.push_back(predictions.cases[i].image);
    if (nearest > 0 && nearest <= farthest) alike.push_back(predictions.cases[i].image);
  }
  const std::string rest = fmt::format(
      "{} of {} differ from a training picture by at most {} bits of the perceptual hash; the training pictures are "
      "not "
      "at hand to prove or refute it",
      grouped(alike.size()), grouped(looks.size()), farthest);
  if (equal.empty() && !alike.empty()) {
    Check check = verdict_of("near_copies", alike, rest, {});
    check.verdict = Verdict::unknown;
    return check;
  }
  return verdict_of(
      "near_copies", equal,
      fmt::format("{} of {} have the perceptual hash of a training picture: the scores are too good",
                  grouped(equal.size()), grouped(looks.size())),
      fmt::format("none of {} looks like one of the {} training pictures that the model's card lists (perceptual "
                  "hashes more than {} of 63 bits apart)",
                  pictures(looks.size()), grouped(hashes.size()), farthest));
}

}  // namespace

void check_copies(const model::Card& card, const dataset::Manifest& manifest, const std::vector<Look>& looks,
                  Predictions& predictions, WorkerPool& pool, const StopToken& stop) {
  set_check(predictions.checks, exact_copies(card, looks, predictions));
  const std::vector<fs::path> trained = training_files(manifest);
  set_check(predictions.checks, trained.empty() || predictions.part == "train"
                                    ? suspected_copies(card, looks, predictions)
                                    : proved_copies(trained, looks, predictions, pool, stop));
  set_check(predictions.checks, fitted_here(card, looks, predictions));
}

void checks_without_model(Predictions& predictions) {
  for (const char* id : {"copies", "near_copies", "fitted_here"})
    set_check(predictions.checks, {.id = id,
                                   .verdict = Verdict::unknown,
                                   .text = "these are predictions without their model, whose card would say",
                                   .examples = {}});
}

}  // namespace naevus::evaluate
