#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <system_error>

#include "import_parts.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/image/decode.hpp"

/// A folder per class, and PH2's table in wiki form.
namespace naevus::dataset {
namespace {

namespace fs = std::filesystem;

/// Files that come along with pictures and are nobody's loss.
bool is_document(const fs::path& file) {
  constexpr std::array known{".csv", ".txt", ".md", ".json", ".toml", ".xml", ".html", ".pdf", ".ini", ".db", ".zip"};
  const std::string extension = lower(file.extension().string());
  return std::find(known.begin(), known.end(), extension) != known.end();
}

std::vector<fs::path> subfolders(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code unknown;  // a link that leads nowhere is no folder
  for (const auto& item : fs::directory_iterator(folder))
    if (item.is_directory(unknown) && !item.path().filename().string().starts_with('.') &&
        item.path().filename() != "__MACOSX" && !image::has_picture_extension(item.path()))
      found.push_back(item.path());
  std::sort(found.begin(), found.end());
  return found;
}

bool holds_pictures(const fs::path& folder) {
  return std::any_of(fs::directory_iterator(folder), fs::directory_iterator(), [](const auto& item) {
    std::error_code unknown;
    return item.is_regular_file(unknown) && image::has_picture_extension(item.path());
  });
}

/// Archives often wrap a set in one or two further folders.
fs::path unwrapped(fs::path root) {
  while (!holds_pictures(root)) {
    const std::vector<fs::path> inside = subfolders(root);
    if (inside.size() != 1 || part_word(inside[0].filename().string()) || holds_pictures(inside[0])) break;
    root = inside[0];
  }
  return root;
}

void add_class(const fs::path& folder, Part part, Found& found) {
  const std::size_t before = found.candidates.size();
  for (const fs::path& file : files_below(folder)) {
    if (is_mask(file) || is_document(file)) continue;
    Candidate candidate{.name = file.filename().string(), .where = file.string()};
    candidate.entry.image = file.string();
    candidate.entry.label = folder.filename().string();
    candidate.entry.part = part;
    found.candidates.push_back(std::move(candidate));
  }
  if (found.candidates.size() == before)
    found.unusable.push_back({folder.filename().string(), folder.string(), "the class's folder holds no picture"});
}

void refuse_loose_pictures(const fs::path& folder, Found& found) {
  for (const auto& item : fs::directory_iterator(folder))
    if (image::has_picture_extension(item.path()))
      found.unusable.push_back({item.path().filename().string(), item.path().string(), "it lies in no class's folder"});
}

std::string snake_case(const std::string& text) {
  std::string result;
  for (const char c : lower(text)) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80) != 0;
    if (word)
      result += c;
    else if (!result.empty() && result.back() != '_')
      result += '_';
  }
  if (result.ends_with('_')) result.pop_back();
  return result;
}

/// The cells of one line of a wiki table, trimmed: "|| IMD003 || 0 | T ||" gives IMD003, 0, T.
std::vector<std::string> wiki_cells(const std::string& line) {
  std::vector<std::string> cells;
  for (std::size_t at = line.find("||"); at != std::string::npos;) {
    const std::size_t begin = line.find_first_not_of('|', at);
    if (begin == std::string::npos) break;
    const std::size_t end = line.find('|', begin);
    if (end == std::string::npos) break;
    std::string cell = line.substr(begin, end - begin);
    cell.erase(0, std::min(cell.find_first_not_of(" \t"), cell.size()));
    cell.erase(cell.find_last_not_of(" \t\r") + 1);
    cells.push_back(std::move(cell));
    at = end;
  }
  return cells;
}

Candidate ph2_row(const std::vector<std::string>& header, const std::vector<std::string>& cells) {
  // The legend below PH2's table; both kinds of nevus are nv, and the column clinical_diagnosis keeps them apart.
  constexpr std::array diagnoses{"common nevus", "atypical nevus", "melanoma"};
  constexpr std::array labels{"nevus", "nevus", "melanoma"};
  Candidate candidate{.name = cells[0]};
  if (cells.size() != header.size()) {
    candidate.problem = fmt::format("the row has {} cells, the header {}", cells.size(), header.size());
    return candidate;
  }
  for (std::size_t c = 1; c < header.size(); ++c) {
    std::string value = cells[c];
    if (header[c] == "clinical_diagnosis") {
      const bool known = value.size() == 1 && value[0] >= '0' && value[0] <= '2';
      if (!known) {
        candidate.problem = fmt::format("the clinical diagnosis is '{}', not 0, 1 or 2", value);
        return candidate;
      }
      const auto code = static_cast<std::size_t>(value[0] - '0');
      candidate.entry.label = labels[code];
      value = diagnoses[code];
    }
    candidate.other.emplace_back(header[c], std::move(value));
  }
  if (candidate.entry.label.empty()) candidate.problem = "no label";
  return candidate;
}

}  // namespace

Found import_folders(const fs::path& source) {
  Found found{.format = "folder per class"};
  const fs::path root = unwrapped(source);
  const auto add_classes = [&](const fs::path& folder, Part part) {
    refuse_loose_pictures(folder, found);
    for (const fs::path& inside : subfolders(folder))
      if (!part_word(inside.filename().string())) add_class(inside, part, found);
  };
  add_classes(root, Part::none);
  for (const fs::path& inside : subfolders(root))
    if (const auto part = part_word(inside.filename().string())) add_classes(inside, *part);
  return found;
}

Found import_ph2(const fs::path& path) {
  Found found{.format = "PH2"};
  const std::string text = read_text(path);
  std::vector<std::string> header;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::vector<std::string> cells = wiki_cells(text.substr(begin, end - begin));
    begin = end + 1;
    if (cells.size() < 2) continue;
    if (header.empty()) {
      for (const std::string& cell : cells) header.push_back(snake_case(cell));
      if (header[0] != "name")
        throw InputError("is not PH2's table", path.string(), "its first row should begin '|| Name || …'");
      continue;
    }
    if (!lower(cells[0]).starts_with("imd")) continue;  // the legend below the table
    Candidate candidate = ph2_row(header, cells);
    candidate.where = fmt::format("{}:{}", path.string(), number + 1);
    candidate.table = path;
    candidate.entry.line = number + 1;
    found.candidates.push_back(std::move(candidate));
  }
  return found;
}

}  // namespace naevus::dataset
