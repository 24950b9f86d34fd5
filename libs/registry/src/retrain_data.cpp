#include "retrain_data.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "naevus/clean/clean_set.hpp"

namespace naevus::registry {
namespace {

namespace fs = std::filesystem;

/// Below that, a fifth of the new pictures says nothing.
constexpr std::size_t fewest_new = 25;

/// The patients' keys give way to numbers, so that no file holds them.
void hide_patients(dataset::Manifest& manifest) {
  std::map<std::string, std::string> numbers;
  for (dataset::Entry& entry : manifest.entries)
    if (!entry.patient_id.empty())
      entry.patient_id =
          numbers.try_emplace(entry.patient_id, "feedback-" + std::to_string(numbers.size() + 1)).first->second;
}

/// The hash under which PictureFolder keeps it.
std::string hash_of(const dataset::Manifest& manifest, const dataset::Entry& entry) {
  const fs::path path = manifest.image_path(entry);
  return path.parent_path().filename().string() + path.filename().string();
}

/// One row as another manifest has it.
dataset::Entry moved(const dataset::Manifest& from, dataset::Entry entry) {
  entry.image = fs::absolute(from.image_path(entry)).string();
  entry.other.clear();
  return entry;
}

std::vector<LeftOut> dropped(const clean::Settled& settled) {
  std::map<std::string, std::size_t> counts;
  for (const clean::Decision& decision : settled.decisions)
    if (decision.what == clean::Decision::What::drop && !decision.undone) ++counts[clean::kind_of(decision.kind).title];
  std::vector<LeftOut> left_out;
  left_out.reserve(counts.size());
  for (const auto& [title, count] : counts) left_out.push_back({.reason = "cleaning: " + title, .pictures = count});
  return left_out;
}

}  // namespace

std::set<std::string> newest_pictures(std::span<const LabelledPicture> pictures, const std::set<std::string>& learned) {
  struct Group {
    std::vector<std::string> pictures;
    store::Time newest;
    bool learned = false;
  };
  std::map<std::string, Group> groups;
  for (const LabelledPicture& picture : pictures) {
    const std::string& hash = picture.first.picture;
    const std::string& patient = picture.first.patient_key;
    Group& group = groups[patient.empty() ? "picture " + hash : "patient " + patient];
    group.pictures.push_back(hash);
    group.newest = std::max(group.newest, picture.at);
    group.learned |= learned.contains(hash);
  }
  std::vector<const Group*> fresh;
  std::size_t count = 0;
  for (const auto& [name, group] : groups) {
    if (group.learned) continue;
    fresh.push_back(&group);
    count += group.pictures.size();
  }
  std::set<std::string> chosen;
  if (count < fewest_new) return chosen;
  std::stable_sort(fresh.begin(), fresh.end(), [](const auto* a, const auto* b) { return a->newest > b->newest; });
  for (const Group* group : fresh) {
    if (5 * chosen.size() >= count) break;
    chosen.insert(group->pictures.begin(), group->pictures.end());
  }
  return chosen;
}

RetrainData retrain_data(const dataset::Manifest& base, std::span<const LabelledPicture> pictures,
                         const std::set<std::string>& judges, const store::PictureFolder& kept, const fs::path& folder,
                         WorkerPool& pool, const StopToken& stop) {
  const fs::path feedback_path = folder / "feedback.csv", base_path = folder / "base.csv";
  auto feedback = feedback_manifest(pictures, kept, feedback_path);
  hide_patients(feedback);
  for (dataset::Entry& entry : feedback.entries)
    entry.part = judges.contains(hash_of(feedback, entry)) ? dataset::Part::test : dataset::Part::train;
  dataset::write_manifest(feedback, feedback_path);
  dataset::write_manifest(base, base_path);
  const auto cleaned =
      clean::clean_set({.manifest = feedback_path, .out = folder / "clean", .against = base_path}, pool, stop);

  RetrainData data{.train = {.path = folder / "train.csv"}, .newest = {.path = folder / "newest.csv"}};
  for (const dataset::Entry& entry : base.entries)
    if (entry.part == dataset::Part::train || entry.part == dataset::Part::validation)
      data.train.entries.push_back(moved(base, entry));
  const dataset::Manifest& clean = cleaned.settled.clean;
  for (const dataset::Entry& entry : clean.entries) {
    const bool judge = entry.part == dataset::Part::test;
    (judge ? data.newest : data.train).entries.push_back(moved(clean, entry));
    if (!judge) data.pictures.push_back(hash_of(clean, entry));
  }
  data.left_out = dropped(cleaned.settled);
  return data;
}

}  // namespace naevus::registry
