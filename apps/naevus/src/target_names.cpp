#include "target_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace naevus::app {
namespace fs = std::filesystem;
namespace {

fs::path plain(const fs::path& path) {
  return fs::absolute(path).lexically_normal();
}

bool is_below(const fs::path& file, const fs::path& folder) {
  const fs::path relative = file.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

fs::path common_folder(const std::vector<fs::path>& files) {
  fs::path folder = files.front().parent_path();
  for (const fs::path& file : files)
    while (!is_below(file, folder)) folder = folder.parent_path();
  return folder;
}

}  // namespace

std::vector<fs::path> target_names(const std::vector<fs::path>& files, const fs::path& root,
                                   const std::string& extension) {
  if (files.empty()) return {};
  std::vector<fs::path> sources(files.size());
  std::transform(files.begin(), files.end(), sources.begin(), plain);
  fs::path base = root.empty() ? fs::path() : plain(root / "");
  const auto below = [&base](const fs::path& file) { return is_below(file, base); };
  if (root.empty() || !std::all_of(sources.begin(), sources.end(), below)) base = common_folder(sources);

  std::map<fs::path, fs::path> names;
  std::set<fs::path> taken;
  std::vector<fs::path> result;
  for (const fs::path& source : sources) {
    auto& name = names[source];
    if (name.empty()) {
      const fs::path stem = source.lexically_relative(base).replace_extension();
      name = stem.string() + extension;
      for (int n = 2; !taken.insert(name).second; ++n) name = fmt::format("{}-{}{}", stem.string(), n, extension);
    }
    result.push_back(name);
  }
  return result;
}

}  // namespace naevus::app
