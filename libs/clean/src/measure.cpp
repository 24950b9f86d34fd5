#include "naevus/clean/measure.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <string>
#include <type_traits>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/clean/journal.hpp"

namespace naevus::clean {
namespace {

namespace fs = std::filesystem;

static_assert(std::is_trivially_copyable_v<Measurement>);
static_assert(sizeof(Measurement) <= 1024);

/// Rises when measurements mean something else.
constexpr int version = 3;

std::string journal_version() {
  return fmt::format("measurements {} {} {}", version, copies::Signature::version, sizeof(Measurement));
}

/// Changes when the file does.
std::string key_of(const fs::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return file.string() + "\n?";
  return fmt::format("{}\n{} {}.{:09}", file.string(), status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

void put(const std::string& hex, std::array<char, 32>& target) {
  std::copy_n(hex.begin(), target.size(), target.begin());
}

struct Outcome {
  Measurement measurement;
  std::vector<image::FileFinding> faults;
};

Outcome outcome_of(const fs::path& file) {
  Outcome outcome;
  Measurement& m = outcome.measurement;
  try {
    const auto content = read_file(file, image::DecodeLimits{}.max_bytes);
    put(hash_hex(content), m.bytes);
    image::Inspection inspection = image::inspect(content, file);
    outcome.faults = std::move(inspection.findings);
    if (!inspection.image) return outcome;
    const image::Image& picture = *inspection.image;
    m.measures = image::measure(picture);
    m.signature = copies::signature(picture);
    m.readable = true;
  } catch (const Error& error) {
    outcome.faults.push_back({image::FileFault::unreadable, error.problem()});
  }
  return outcome;
}

/// The measurement, then for each fault its number from 1 in a byte, and its evidence ended by a zero byte.
std::vector<std::byte> record_of(const Outcome& outcome) {
  std::vector<std::byte> record(sizeof(Measurement));
  std::memcpy(record.data(), &outcome.measurement, sizeof(Measurement));
  for (const image::FileFinding& fault : outcome.faults) {
    record.push_back(static_cast<std::byte>(static_cast<int>(fault.fault) + 1));  // 0 ends the text
    const auto text = as_bytes(fault.evidence);
    record.insert(record.end(), text.begin(), text.end());
    record.push_back(std::byte{0});
  }
  return record;
}

Outcome outcome_from(const std::vector<std::byte>& record) {
  Outcome outcome;
  std::memcpy(&outcome.measurement, record.data(), sizeof(Measurement));
  auto at = record.begin() + sizeof(Measurement);
  while (at != record.end()) {
    const auto end = std::find(at, record.end(), std::byte{0});
    outcome.faults.push_back({static_cast<image::FileFault>(std::to_integer<int>(*at) - 1),
                              std::string(static_cast<std::size_t>(end - at - 1), '\0')});
    std::transform(at + 1, end, outcome.faults.back().evidence.begin(),
                   [](std::byte b) { return static_cast<char>(b); });
    at = end == record.end() ? end : end + 1;
  }
  return outcome;
}

}  // namespace

Measurements measure(const std::vector<fs::path>& files, const fs::path& journal_path, WorkerPool& pool,
                     const StopToken& stop) {
  Journal journal(journal_path, journal_version());
  Measurements result;
  result.of.resize(files.size());
  std::mutex mutex;
  Progress progress("measuring", files.size());
  pool.for_each(files.size(), [&](std::size_t i) {
    stop.check();
    const std::string key = key_of(files[i]);
    auto record = journal.take(key);
    const bool known = record && record->size() >= sizeof(Measurement);
    const Outcome outcome = known ? outcome_from(*record) : outcome_of(files[i]);
    if (!known) journal.add(key, record_of(outcome));
    result.of[i] = outcome.measurement;
    progress.advance();
    if (outcome.faults.empty() && !known) return;
    const std::scoped_lock guard(mutex);
    if (known) ++result.taken_up;
    if (!outcome.faults.empty()) result.faults.emplace(i, outcome.faults);
  });
  return result;
}

}  // namespace naevus::clean
