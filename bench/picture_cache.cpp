// What the folder of decoded pictures saves: picture_cache MANIFEST [THREADS]
// Opens the manifest's pictures for augmentation without a folder, with an empty one and with a full one, checks that
// all give the same pixels, and prints the seconds.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/dataset/image_cache.hpp"
#include "naevus/dataset/manifest.hpp"

using namespace naevus;

namespace {

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

int measure(const std::filesystem::path& path, int threads) {
  const dataset::Manifest manifest = dataset::read_manifest(path);
  std::vector<std::filesystem::path> files;
  for (const auto& entry : manifest.entries) files.push_back(manifest.image_path(entry));
  WorkerPool pool(threads);
  const TemporaryFolder folder;
  dataset::CacheOptions options{.keep = dataset::CacheOptions::Keep::for_augmentation};
  std::optional<dataset::ImageCache> without, empty, full;
  std::printf("%zu pictures, %d threads\n", files.size(), pool.threads());
  const double plain = seconds([&] { without.emplace(files, options, pool); });
  options.folder = folder / "pictures";
  const double filling = seconds([&] { empty.emplace(files, options, pool); });
  const double mapped = seconds([&] { full.emplace(files, options, pool); });
  std::printf("in memory            %7.2f s\n", plain);
  std::printf("filling the folder   %7.2f s, %zu decoded\n", filling, empty->decoded());
  std::printf("from the folder      %7.2f s, %zu decoded\n", mapped, full->decoded());
  const double reading = seconds([&] {
    for (std::size_t i = 0; i < files.size(); ++i) full->get(i);
  });
  std::printf("get()                %7.3f ms a picture\n", 1000 * reading / static_cast<double>(files.size()));
  for (std::size_t i = 0; i < files.size(); ++i)
    if (*without->get(i) != *empty->get(i) || *without->get(i) != *full->get(i)) {
      std::printf("%s differs\n", files[i].c_str());
      return 1;
    }
  std::puts("all pixels are the same");
  return 0;
}

}  // namespace

int main(int count, char** values) {
  try {
    if (count < 2) throw UsageError("usage: picture_cache MANIFEST [THREADS]");
    return measure(values[1], count > 2 ? std::stoi(values[2]) : 0);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
