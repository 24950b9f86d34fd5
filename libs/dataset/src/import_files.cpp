#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <system_error>
#include <utility>

#include "import_parts.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/log.hpp"
#include "naevus/image/decode.hpp"

namespace naevus::dataset {

namespace fs = std::filesystem;

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::optional<Part> part_word(const std::string& word) {
  const std::string text = lower(word);
  if (text == "train" || text == "training") return Part::train;
  if (text == "val" || text == "valid" || text == "validation") return Part::validation;
  if (text == "test" || text == "testing") return Part::test;
  return std::nullopt;
}

std::string known_value(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return {};
  std::string value = text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
  constexpr std::array unknown{"nan", "na", "n/a", "none", "null", "unknown", "?", "-"};
  const std::string key = lower(value);
  return std::find(unknown.begin(), unknown.end(), key) == unknown.end() ? value : std::string();
}

bool is_mask(const fs::path& file) {
  constexpr std::array folders{"mask", "masks", "segmentation", "segmentations", "__macosx"};
  constexpr std::array endings{"_segmentation", "_superpixels", "_lesion", "_mask"};
  const std::string folder = lower(file.parent_path().filename().string()), stem = lower(file.stem().string());
  return std::find(folders.begin(), folders.end(), folder) != folders.end() ||
         std::any_of(endings.begin(), endings.end(), [&](const char* ending) { return stem.ends_with(ending); }) ||
         folder.ends_with("_roi");  // PH2's regions of interest
}

std::vector<fs::path> files_below(const fs::path& root) {
  std::vector<fs::path> files, folders{root};
  std::set<fs::path> seen;  // canonical: links may lead round in a circle, and back to a folder that this one lies in
  std::error_code missing;
  for (fs::path above = fs::canonical(root, missing); above.has_relative_path();)
    seen.insert(above = above.parent_path());
  while (!folders.empty()) {
    const fs::path folder = std::move(folders.back());
    folders.pop_back();
    std::error_code error;
    if (!seen.insert(fs::canonical(folder, error)).second) continue;
    fs::directory_iterator entry(folder, error), end;
    for (; !error && entry != end; entry.increment(error)) {
      if (entry->path().filename().string().starts_with('.')) continue;
      std::error_code unknown;  // what can't be looked at is left to whoever opens it
      const bool is_folder = entry->is_directory(unknown);
      if (is_folder) folders.push_back(entry->path());
      if (!is_folder || image::has_picture_extension(entry->path())) files.push_back(entry->path());
    }
    if (error && folder == root) throw IoError(error.message(), folder.string());
    if (error) log::warning(fmt::format("{} is passed over: {}", folder.string(), error.message()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

void PictureIndex::scan() {
  if (scanned_) return;
  scanned_ = true;
  for (const fs::path& file : files_below(root_)) {
    if (!image::has_picture_extension(file) || is_mask(file)) continue;
    pictures_.push_back(file);
    by_name_.emplace(lower(file.filename().string()), file);
    by_stem_.emplace(lower(file.stem().string()), file);
  }
}

const std::vector<fs::path>& PictureIndex::pictures() {
  scan();
  return pictures_;
}

void PictureIndex::resolve(Candidate& candidate) {
  if (candidate.name.empty()) {
    candidate.problem = "it names no image";
    return;
  }
  const fs::path name(candidate.name);
  std::error_code ignored;
  for (const fs::path& place : {candidate.table.parent_path() / name, root_ / name}) {
    if (fs::is_regular_file(place, ignored)) {
      candidate.entry.image = place.lexically_normal().string();
      return;
    }
  }
  scan();
  const bool whole = image::has_picture_extension(name);
  const auto& index = whole ? by_name_ : by_stem_;
  const auto [begin, end] = index.equal_range(lower(name.filename().string()));
  if (begin == end) {
    candidate.problem = "no image of that name";
    return;
  }
  const auto first = std::min_element(begin, end, [](const auto& a, const auto& b) { return a.second < b.second; });
  for (auto it = begin; it != end; ++it) {
    if (it == first || read_file(it->second) == read_file(first->second)) continue;
    candidate.problem =
        fmt::format("several images of that name: {} and {}", first->second.string(), it->second.string());
    return;
  }
  candidate.entry.image = first->second.lexically_normal().string();
}

}  // namespace naevus::dataset
