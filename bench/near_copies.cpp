// Finds copies among picture files and says how long it took: the driver of bench/copies.
// usage: near_copies FILES.txt [OTHERS.txt] [--all]
// FILES.txt holds one path a line. Standard output: CSV, one line a pair; standard error: times.
// --all prints the pairs that the last comparison refuses, too, to look at.

#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/copies/find_copies.hpp"
#include "naevus/image/decode.hpp"

namespace {

using namespace naevus;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double cpu() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

struct Set {
  std::vector<std::filesystem::path> files;
  std::vector<copies::Signature> signatures;
};

Set read_set(const char* list, WorkerPool& pool) {
  Set set;
  const auto content = read_file(list);
  std::string text(reinterpret_cast<const char*>(content.data()), content.size());
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) set.files.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  set.signatures.resize(set.files.size());
  std::vector<double> seconds(set.files.size());
  const double begin = now(), cpu_begin = cpu();
  pool.for_each(set.files.size(), [&](std::size_t i) {
    try {
      const image::Image picture = image::load(set.files[i]);
      const double decoded = now();
      set.signatures[i] = copies::signature(picture);
      seconds[i] = now() - decoded;
    } catch (const Error&) {  // a signature of nothing: it matches nothing
    }
  });
  double sum = 0;
  for (const double s : seconds) sum += s;
  std::fprintf(stderr,
               "%zu files: decoded and signed in %.2f s (%.2f s of processor time); a signature takes %.3f ms\n",
               set.files.size(), now() - begin, cpu() - cpu_begin, 1000 * sum / static_cast<double>(set.files.size()));
  return set;
}

}  // namespace

int main(int argc, char** argv) try {
  WorkerPool pool;
  std::vector<const char*> lists;
  copies::FindOptions options;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--all") == 0)
      options.least_fine_correlation = -1;
    else
      lists.push_back(argv[i]);
  }
  if (lists.empty() || lists.size() > 2) throw UsageError("usage: near_copies FILES.txt [OTHERS.txt] [--all]");
  const Set set = read_set(lists[0], pool);
  const Set others = lists.size() == 2 ? read_set(lists[1], pool) : Set{};
  const auto load = [&](std::size_t i) { return image::load(set.files[i]); };
  const auto load_other = [&](std::size_t i) { return image::load(others.files[i]); };
  const double begin = now(), cpu_begin = cpu();
  const auto pairs = lists.size() == 2 ? find_copies(set.signatures, others.signatures, options, load, load_other, pool)
                                       : find_copies(set.signatures, options, load, pool);
  std::fprintf(stderr, "%zu pairs found in %.2f s (%.2f s of processor time)\n", pairs.size(), now() - begin,
               cpu() - cpu_begin);
  const auto& files_b = lists.size() == 2 ? others.files : set.files;
  std::printf("a,b,kind,symmetry,x,y,width,height,correlation,fine\n");
  for (const auto& p : pairs)
    std::printf("\"%s\",\"%s\",%s,%d,%.4f,%.4f,%.4f,%.4f,%.4f,%.4f\n", set.files[p.a].c_str(), files_b[p.b].c_str(),
                p.kind == copies::Kind::exact ? "exact" : "altered", p.symmetry, p.frame.x, p.frame.y, p.frame.width,
                p.frame.height, p.correlation, p.fine_correlation);
} catch (const naevus::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
