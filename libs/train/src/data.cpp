#include "data.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/dataset/label_map.hpp"
#include "naevus/dataset/manifest.hpp"

namespace naevus::train {
namespace {

using dataset::Part;

Samples samples_of(const dataset::Manifest& manifest, Part part, const std::vector<std::string>& classes) {
  Samples samples;
  for (const std::size_t index : manifest.in(part)) {
    const auto& entry = manifest.entries[index];
    const auto found = std::lower_bound(classes.begin(), classes.end(), entry.label);
    if (entry.label.empty() || found == classes.end() || *found != entry.label) {
      throw InputError(fmt::format("{} has no label", entry.image),
                       fmt::format("{}:{}", manifest.path.string(), entry.line),
                       "fill the label column, or clear the picture's split");
    }
    samples.files.push_back(manifest.image_path(entry));
    samples.labels.push_back(static_cast<int>(found - classes.begin()));
  }
  return samples;
}

std::string content_hash(const dataset::Manifest& manifest) {
  std::string text;
  for (const auto& entry : manifest.entries) {
    if (entry.part != Part::train && entry.part != Part::validation) continue;
    text += fmt::format("{}\n{}\n{}\n", entry.image, entry.label, to_string(entry.part));
  }
  return hash_hex(as_bytes(text));
}

void check_part(const Samples& samples, const char* part, const Config& config) {
  if (samples.size() > 0) return;
  throw InputError(fmt::format("no picture is in the {} part", part), config.manifest,
                   fmt::format("part the data first: naevus split {} -o split.csv", config.manifest));
}

}  // namespace

void Samples::remove(const std::vector<std::size_t>& indices) {
  for (auto index = indices.rbegin(); index != indices.rend(); ++index) {
    files.erase(files.begin() + static_cast<std::ptrdiff_t>(*index));
    labels.erase(labels.begin() + static_cast<std::ptrdiff_t>(*index));
  }
}

TrainingData load_data(const Config& config) {
  auto manifest = dataset::read_manifest(config.manifest);
  TrainingData data;
  if (config.labels.empty()) {
    data.classes = manifest.classes();
    data.malignant = dataset::usual_malignant(data.classes);
  } else {
    const auto map = dataset::find_label_map(config.labels);
    manifest = dataset::apply(map, manifest);
    data.classes = map.targets();
    data.malignant = map.malignant;
  }
  std::erase(data.classes, "");
  data.train = samples_of(manifest, Part::train, data.classes);
  data.validation = samples_of(manifest, Part::validation, data.classes);
  check_part(data.train, "train", config);
  check_part(data.validation, "validation", config);
  check_classes(data, config.manifest);
  data.hash = content_hash(manifest);
  return data;
}

void check_classes(const TrainingData& data, const std::string& manifest) {
  if (data.classes.size() < 2) {
    throw InputError(fmt::format("there is one class only ('{}')", data.classes.empty() ? "" : data.classes.front()),
                     manifest, "a classifier needs pictures of two classes or more");
  }
  for (std::size_t c = 0; c < data.classes.size(); ++c) {
    const auto& labels = data.train.labels;
    if (std::find(labels.begin(), labels.end(), static_cast<int>(c)) != labels.end()) continue;
    throw InputError(fmt::format("class '{}' has no training picture", data.classes[c]), manifest,
                     "split anew, add pictures, or leave the class out with a label map (--labels)");
  }
}

}  // namespace naevus::train
