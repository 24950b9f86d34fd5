#include "naevus/dataset/label_map.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"

namespace naevus::dataset {
namespace {

namespace fs = std::filesystem;

/// Where the maps that naevus brings along lie: beside the program, in the build tree as where it is installed.
fs::path maps_folder() {
  std::error_code ignored;
  return fs::read_symlink("/proc/self/exe", ignored).parent_path().parent_path() / "share/naevus/label_maps";
}

std::string place(const fs::path& path, const toml::node& node) {
  return fmt::format("{}:{}", path.string(), node.source().begin.line);
}

std::string text_of(const toml::node& node, const fs::path& path, std::string_view key) {
  const auto text = node.value<std::string>();
  if (!text || text->empty()) throw InputError(fmt::format("'{}' must be a text in quotes", key), place(path, node));
  return *text;
}

std::vector<std::string> texts_of(const toml::node& node, const fs::path& path, std::string_view key) {
  const toml::array* array = node.as_array();
  if (!array) throw InputError(fmt::format("'{}' must be a list, as [\"a\", \"b\"]", key), place(path, node));
  std::vector<std::string> texts;
  for (const toml::node& item : *array) texts.push_back(text_of(item, path, key));
  return texts;
}

void read_map(const toml::node& node, const fs::path& path, LabelMap& map) {
  const toml::table* table = node.as_table();
  if (!table) throw InputError("'map' must be a table of label = \"class\"", place(path, node));
  for (const auto& [label, target] : *table) {
    const std::string key(label.str());
    map.classes[short_label(key)] = text_of(target, path, key);
  }
}

void check(const LabelMap& map, const fs::path& path) {
  if (map.classes.empty()) {
    throw InputError("maps no label", path.string(), "add a table [map] with lines such as nevus = \"nv\"");
  }
  const std::vector<std::string> targets = map.targets();
  for (const std::string& name : map.malignant)
    if (!std::binary_search(targets.begin(), targets.end(), name))
      throw InputError(fmt::format("the malignant class '{}' is one that no label leads to", name), path.string(),
                       fmt::format("the classes are {}", fmt::join(targets, ", ")));
  for (const std::string& label : map.drop)
    if (map.classes.contains(label))
      throw InputError(fmt::format("the label '{}' is both mapped and dropped", label), path.string());
}

/// Where an entry stands, for a person: its line, or its image where it was in no table.
std::string place(const Entry& entry) {
  return entry.line > 0 ? fmt::format("line {}", entry.line) : entry.image;
}

[[noreturn]] void refuse(const LabelMap& map, const Manifest& manifest,
                         const std::map<std::string, std::vector<std::string>>& unknown) {
  std::vector<std::string> named;
  for (const auto& [label, places] : unknown) {
    const std::size_t shown = std::min<std::size_t>(places.size(), 5);
    named.push_back(fmt::format("'{}' ({}{})", label,
                                fmt::join(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                                shown < places.size() ? fmt::format(" and {} more", places.size() - shown) : ""));
  }
  std::vector<std::string> known;
  known.reserve(map.classes.size() + map.drop.size());
  for (const auto& [label, target] : map.classes) known.push_back(label);
  known.insert(known.end(), map.drop.begin(), map.drop.end());
  throw InputError(fmt::format("the label map '{}' does not know {}", map.name, fmt::join(named, ", ")),
                   manifest.path.string(),
                   fmt::format("it knows {}; add the label to [map] or to drop", fmt::join(known, ", ")));
}

}  // namespace

std::optional<std::string> LabelMap::find(const std::string& label) const {
  auto found = classes.find(label);
  if (found == classes.end()) found = classes.find(short_label(label));
  return found == classes.end() ? std::nullopt : std::optional(found->second);
}

bool LabelMap::drops(const std::string& label) const {
  return drop.contains(label) || drop.contains(short_label(label));
}

std::vector<std::string> LabelMap::targets() const {
  std::set<std::string> names;
  for (const auto& [label, target] : classes) names.insert(target);
  return {names.begin(), names.end()};
}

LabelMap read_label_map(const fs::path& path) {
  const std::string text = read_text(path, 1 << 20);
  LabelMap map{.name = path.stem().string()};
  try {
    const toml::table table = toml::parse(text, path.string());
    for (const auto& [key, node] : table) {
      if (key == "description") {
        map.description = text_of(node, path, key.str());
      } else if (key == "malignant") {
        map.malignant = texts_of(node, path, key.str());
        std::sort(map.malignant.begin(), map.malignant.end());
      } else if (key == "drop") {
        for (const std::string& label : texts_of(node, path, key.str())) map.drop.insert(short_label(label));
      } else if (key == "map") {
        read_map(node, path, map);
      } else {
        throw InputError(fmt::format("the key '{}' is not known", key.str()), place(path, node),
                         "a label map has description, malignant, drop and [map]");
      }
    }
  } catch (const toml::parse_error& error) {
    throw InputError(std::string(error.description()), fmt::format("{}:{}", path.string(), error.source().begin.line));
  }
  check(map, path);
  return map;
}

std::vector<std::string> label_map_names() {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(maps_folder(), ignored))
    if (file.path().extension() == ".toml") names.push_back(file.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

LabelMap find_label_map(const std::string& name_or_path) {
  const fs::path shipped = maps_folder() / (name_or_path + ".toml");
  if (name_or_path.find('/') == std::string::npos && fs::exists(shipped)) return read_label_map(shipped);
  if (!fs::exists(name_or_path)) {
    throw InputError(fmt::format("there is no label map '{}'", name_or_path), "",
                     fmt::format("name a TOML file, or one of {}", fmt::join(label_map_names(), ", ")));
  }
  return read_label_map(name_or_path);
}

Manifest apply(const LabelMap& map, const Manifest& manifest) {
  Manifest result{.path = manifest.path, .other_columns = manifest.other_columns};
  const bool joins = map.targets().size() < map.classes.size();
  const bool keep = joins && std::find(manifest.other_columns.begin(), manifest.other_columns.end(), "diagnosis") ==
                                 manifest.other_columns.end();
  if (keep) result.other_columns.emplace_back("diagnosis");
  std::map<std::string, std::vector<std::string>> unknown;
  for (const Entry& entry : manifest.entries) {
    if (map.drops(entry.label)) continue;
    const auto target = map.find(entry.label);
    if (!target) {
      unknown[entry.label].push_back(place(entry));
      continue;
    }
    Entry mapped = entry;
    mapped.label = *target;
    if (keep) mapped.other.push_back(entry.label);
    result.entries.push_back(std::move(mapped));
  }
  if (!unknown.empty()) refuse(map, manifest, unknown);
  return result;
}

Manifest read_labelled(const std::filesystem::path& manifest, const std::string& labels) {
  Manifest read = read_manifest(manifest);
  return labels.empty() ? read : apply(find_label_map(labels), read);
}

}  // namespace naevus::dataset
