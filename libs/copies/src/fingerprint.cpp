#include "naevus/copies/fingerprint.hpp"

#include <algorithm>
#include <utility>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/copies/union_find.hpp"
#include "naevus/image/decode.hpp"

namespace naevus::copies {
namespace {

Fingerprint fingerprint(const std::filesystem::path& file) {
  Fingerprint print;
  try {
    const auto content = read_file(file, image::DecodeLimits{}.max_bytes);
    print.bytes = hash_hex(content);
    const image::Image picture = image::decode(content);
    print.pixels = image::pixel_hash(picture);
    print.perceptual = perceptual_hash(picture);
  } catch (Error& error) {
    if (error.where().empty()) error.set_where(file.string());
    print.problem = error.what();
  }
  return print;
}

}  // namespace

std::vector<Fingerprint> fingerprints(const std::vector<std::filesystem::path>& files, WorkerPool& pool,
                                      const StopToken& stop) {
  std::vector<Fingerprint> prints(files.size());
  Progress progress("fingerprints", files.size());
  pool.for_each(files.size(), [&](std::size_t i) {
    stop.check();
    prints[i] = fingerprint(files[i]);
    progress.advance();
  });
  return prints;
}

std::vector<std::vector<std::size_t>> Groups::copies() const {
  std::vector<std::vector<std::size_t>> members(count);
  for (std::size_t i = 0; i < group.size(); ++i) members[group[i]].push_back(i);
  std::erase_if(members, [](const auto& files) { return files.size() < 2; });
  return members;
}

Groups exact_groups(const std::vector<Fingerprint>& prints) {
  UnionFind sets(prints.size());
  sets.join_equal([&](std::size_t i) -> const std::string& { return prints[i].bytes; });
  sets.join_equal([&](std::size_t i) -> const std::string& { return prints[i].pixels; });
  Groups groups{.group = std::vector<std::size_t>(prints.size())};
  for (std::size_t i = 0; i < prints.size(); ++i) {
    const std::size_t root = sets.root(i);
    groups.group[i] = root == i ? groups.count++ : groups.group[root];
  }
  return groups;
}

}  // namespace naevus::copies
