#include "naevus/gallery/contents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <thread>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/file_lock.hpp"
#include "naevus/base/hash.hpp"

namespace naevus::gallery {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// The file: magic, how many bytes of JSON, JSON, embeddings (float32, little endian), thumbnails, hash of all before.
constexpr std::string_view magic = "naevus gallery 1\n";
constexpr std::size_t hash_digits = 32;

json as_json(const Contents& contents) {
  json object{{"model", contents.model},
              {"model_version", contents.model_version},
              {"model_sha256", contents.model_sha256},
              {"width", contents.width},
              {"cases", json::array()}};
  for (std::size_t i = 0; i < contents.cases.size(); ++i) {
    const Case& one = contents.cases[i];
    object["cases"].push_back({{"picture", one.picture},
                               {"label", one.label},
                               {"source", one.source},
                               {"licence", one.licence},
                               {"kept", one.kept},
                               {"thumbnail_bytes", contents.thumbnails.at(i).size()}});
  }
  if (const auto& precision = contents.precision)
    object["precision"] = {{"nearest", precision->nearest},    {"pictures", precision->pictures},
                           {"value", precision->value},        {"low", precision->low},
                           {"high", precision->high},          {"of_classes", precision->of_classes},
                           {"by_chance", precision->by_chance}};
  return object;
}

std::string text_of(const Contents& contents) {
  const std::string header = as_json(contents).dump(-1, ' ', false, json::error_handler_t::replace);
  const std::uint64_t size = header.size();
  std::string text(magic);
  text.append(reinterpret_cast<const char*>(&size), sizeof size);
  text += header;
  text.append(reinterpret_cast<const char*>(contents.embedding.data()), contents.embedding.size() * sizeof(float));
  for (const auto& thumbnail : contents.thumbnails)
    text.append(reinterpret_cast<const char*>(thumbnail.data()), thumbnail.size());
  return text + hash_hex(as_bytes(text));
}

[[noreturn]] void damaged(const fs::path& file, const std::string& what = "is damaged") {
  throw InputError(what, file.string(), "make it again: naevus gallery MANIFEST.csv --data DIR");
}

/// Takes the text's beginning off. @throws InputError where it is shorter
std::string_view taken(std::string_view& rest, std::size_t bytes, const fs::path& file) {
  if (rest.size() < bytes) damaged(file);
  const std::string_view part = rest.substr(0, bytes);
  rest.remove_prefix(bytes);
  return part;
}

void read_cases(const json& header, Contents& contents, std::vector<std::size_t>& sizes) {
  for (const json& one : header.at("cases")) {
    contents.cases.push_back({.picture = one.at("picture").get<std::string>(),
                              .label = one.at("label").get<std::string>(),
                              .source = one.at("source").get<std::string>(),
                              .licence = one.at("licence").get<std::string>(),
                              .kept = one.at("kept").get<bool>()});
    sizes.push_back(one.at("thumbnail_bytes").get<std::size_t>());
  }
}

std::optional<Precision> read_precision(const json& header) {
  if (!header.contains("precision")) return std::nullopt;
  const json& said = header["precision"];
  return Precision{.nearest = said.at("nearest").get<int>(),
                   .pictures = said.at("pictures").get<std::size_t>(),
                   .value = said.at("value").get<double>(),
                   .low = said.at("low").get<double>(),
                   .high = said.at("high").get<double>(),
                   .of_classes = said.at("of_classes").get<double>(),
                   .by_chance = said.at("by_chance").get<double>()};
}

/// One process at a time changes the file.
FileLock locked(const fs::path& file) {
  using namespace std::chrono_literals;
  constexpr auto patience = 60s;
  constexpr auto pause = 20ms;
  fs::path lock = file;
  lock += ".lock";
  make_folder(file.parent_path());
  for (const auto until = std::chrono::steady_clock::now() + patience; std::chrono::steady_clock::now() < until;) {
    if (auto taken = FileLock::take(lock)) return std::move(*taken);
    std::this_thread::sleep_for(pause);
  }
  throw IoError("is being changed by another process for over a minute", file.string(), "try again");
}

/// @return how many went
std::size_t keep_only(Contents& contents, const std::function<bool(const Case&)>& stays) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < contents.cases.size(); ++i) {
    if (!stays(contents.cases[i])) continue;
    if (kept != i) {
      contents.cases[kept] = std::move(contents.cases[i]);
      contents.thumbnails[kept] = std::move(contents.thumbnails[i]);
      std::copy_n(contents.embedding.data() + i * contents.width, contents.width,
                  contents.embedding.data() + kept * contents.width);
    }
    ++kept;
  }
  const std::size_t gone = contents.cases.size() - kept;
  contents.cases.resize(kept);
  contents.thumbnails.resize(kept);
  contents.embedding.resize(kept * contents.width);
  return gone;
}

void remove_whole(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) throw IoError("can't be removed: " + error.message(), file.string());
  sync_folder(file.parent_path());
}

}  // namespace

fs::path gallery_file(const fs::path& data) {
  return data / "gallery.naevus";
}

Contents read_gallery(const fs::path& file) {
  const std::string text = read_text(file, std::uintmax_t{64} << 30);
  std::string_view rest = text;
  if (!rest.starts_with(magic)) damaged(file, "is no gallery that this program knows");
  if (rest.size() < magic.size() + hash_digits) damaged(file);
  const std::string_view hash = rest.substr(rest.size() - hash_digits);
  rest.remove_suffix(hash_digits);
  if (hash_hex(as_bytes(rest)) != hash) damaged(file);
  taken(rest, magic.size(), file);
  std::uint64_t size = 0;
  std::memcpy(&size, taken(rest, sizeof size, file).data(), sizeof size);
  Contents contents;
  std::vector<std::size_t> sizes;
  try {
    const json header = json::parse(taken(rest, size, file));
    contents.model = header.at("model").get<std::string>();
    contents.model_version = header.at("model_version").get<std::string>();
    contents.model_sha256 = header.at("model_sha256").get<std::string>();
    contents.width = header.at("width").get<std::size_t>();
    contents.precision = read_precision(header);
    read_cases(header, contents, sizes);
  } catch (const json::exception&) {
    damaged(file);
  }
  if (contents.width == 0 || contents.width > rest.size()) damaged(file);
  const std::string_view embedding = taken(rest, contents.cases.size() * contents.width * sizeof(float), file);
  contents.embedding.resize(contents.cases.size() * contents.width);
  std::memcpy(contents.embedding.data(), embedding.data(), embedding.size());
  for (const std::size_t bytes : sizes) {
    const auto thumbnail = as_bytes(taken(rest, bytes, file));
    contents.thumbnails.emplace_back(thumbnail.begin(), thumbnail.end());
  }
  return contents;
}

void put_gallery(const fs::path& file, Contents contents, const std::function<bool(const std::string& picture)>& has) {
  const FileLock lock = locked(file);
  keep_only(contents, [&](const Case& one) { return !one.kept || has(one.picture); });
  write_file(file, text_of(contents));
}

std::size_t remove_cases(const fs::path& file, const std::function<bool(const Case&)>& gone) {
  std::error_code error;
  if (!fs::exists(file, error)) return 0;
  const FileLock lock = locked(file);
  if (!fs::exists(file, error)) return 0;
  Contents contents;
  try {
    contents = read_gallery(file);
  } catch (const InputError&) {  // nobody can use it, and what it may hold can't be told
    remove_whole(file);
    return 0;
  }
  const std::size_t removed = keep_only(contents, [&](const Case& one) { return !gone(one); });
  if (removed == 0) return 0;
  if (contents.cases.empty())
    remove_whole(file);
  else
    write_file(file, text_of(contents));
  return removed;
}

}  // namespace naevus::gallery
