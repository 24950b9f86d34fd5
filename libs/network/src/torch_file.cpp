#include "torch_file.hpp"

#include <fmt/format.h>
#include <zip.h>

#include <cstring>
#include <map>
#include <memory>
#include <optional>

#include "naevus/base/error.hpp"

namespace naevus::network {
namespace {

using Bytes = std::vector<std::byte>;

[[noreturn]] void damaged(const std::string& problem) {
  throw InputError("this PyTorch file is damaged: " + problem, "", "get the file again");
}

bool starts_with(std::span<const std::byte> content, std::string_view prefix) {
  return content.size() >= prefix.size() && std::memcmp(content.data(), prefix.data(), prefix.size()) == 0;
}

/// A tensor may show its numbers to others, but a file's tensors are not many times its size.
std::size_t most_numbers(std::span<const std::byte> content) {
  return 4 * content.size() + 1024;
}

class Archive {
 public:
  explicit Archive(std::span<const std::byte> content) : size_(content.size()) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(content.data(), content.size(), 0, &error);
    zip_t* opened = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
    const std::string reason = zip_error_strerror(&error);
    zip_error_fini(&error);
    if (opened == nullptr) {
      zip_source_free(source);
      damaged(reason);
    }
    zip_.reset(opened);
    find_root();
  }

  std::optional<Bytes> read(const std::string& name) const {
    const zip_int64_t found = zip_name_locate(zip_.get(), (root_ + name).c_str(), 0);
    if (found < 0) return std::nullopt;
    const auto index = static_cast<zip_uint64_t>(found);
    zip_stat_t about;
    // PyTorch does not compress; an entry larger than the file is no weight file's.
    if (zip_stat_index(zip_.get(), index, 0, &about) != 0 || !(about.valid & ZIP_STAT_SIZE) || about.size > size_)
      damaged(fmt::format("its part '{}' can't be read", name));
    Bytes bytes(static_cast<std::size_t>(about.size));
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen_index(zip_.get(), index, 0), zip_fclose);
    // One byte more than there is: at the end libzip compares the checksum.
    std::byte beyond;
    if (!file || zip_fread(file.get(), bytes.data(), bytes.size()) != static_cast<zip_int64_t>(bytes.size()) ||
        zip_fread(file.get(), &beyond, 1) != 0)
      damaged(fmt::format("its part '{}' can't be read", name));
    return bytes;
  }

 private:
  void find_root() {
    constexpr std::string_view object = "data.pkl";
    const zip_int64_t count = zip_get_num_entries(zip_.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
      const char* entry = zip_get_name(zip_.get(), static_cast<zip_uint64_t>(i), 0);
      const std::string_view name = entry == nullptr ? "" : entry;
      const auto slash = name.find('/');
      if (slash != name.npos && name.substr(slash + 1) == object) {
        root_ = name.substr(0, slash + 1);
        return;
      }
    }
    throw InputError("this zip archive is no PyTorch file: it has no data.pkl");
  }

  struct Close {
    void operator()(zip_t* zip) const { zip_discard(zip); }
  };
  std::unique_ptr<zip_t, Close> zip_;
  std::string root_;
  std::size_t size_;
};

}  // namespace

bool is_torch_zip(std::span<const std::byte> content) {
  return starts_with(content, "PK\x03\x04");
}

bool is_torch_stream(std::span<const std::byte> content) {
  // PROTO, then LONG1 of ten bytes: the magic number 0x1950a86a20f9469cfc6c.
  constexpr std::string_view magic = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
  return content.size() > 2 && content[0] == std::byte{0x80} && starts_with(content.subspan(2), magic);
}

StateDict read_torch_zip(std::span<const std::byte> content) {
  const Archive archive(content);
  if (const auto order = archive.read("byteorder"); order && !starts_with(*order, "little"))
    throw InputError("this PyTorch file was written by a big-endian machine, which is not read", "",
                     "save it as safetensors");
  const Bytes object = *archive.read("data.pkl");
  const Pickle pickle(object);
  std::map<std::string, Bytes> storages;
  const auto bytes = [&](const std::string& key) -> std::span<const std::byte> {
    auto found = storages.find(key);
    if (found == storages.end()) {
      std::optional<Bytes> read = archive.read("data/" + key);
      if (!read) damaged(fmt::format("the numbers '{}' are missing", key));
      found = storages.emplace(key, std::move(*read)).first;
    }
    return found->second;
  };
  return gather_state(pickle, bytes, most_numbers(content));
}

StateDict read_torch_stream(std::span<const std::byte> content) {
  std::span<const std::byte> rest = content;
  const auto next = [&rest] {
    Pickle pickle(rest);
    rest = rest.subspan(pickle.size());
    return pickle;
  };
  next();  // the magic number
  constexpr std::int64_t protocol = 1001;
  if (next().root().number != protocol) damaged("it is of an unknown version");
  next();  // of the system: sizes of C's types
  const Pickle object = next();
  const Pickle keys = next();

  std::map<std::string, Element> elements;
  for (const Pickle::Storage& storage : object.storages()) elements.emplace(storage.key, storage.element);
  std::map<std::string, std::span<const std::byte>> storages;
  for (const Pickle::Id id : keys.root().items) {
    const std::string& key = keys.object(id).text;
    const auto element = elements.find(key);
    if (element == elements.end()) damaged("it has numbers that belong to no tensor");
    std::uint64_t count = 0;
    if (rest.size() < sizeof count) damaged("it ends early");
    std::memcpy(&count, rest.data(), sizeof count);
    rest = rest.subspan(sizeof count);
    const std::size_t size = element_size(element->second);
    if (count > rest.size() / size) damaged("it ends early");
    storages[key] = rest.first(static_cast<std::size_t>(count) * size);
    rest = rest.subspan(static_cast<std::size_t>(count) * size);
  }
  const auto bytes = [&](const std::string& key) {
    const auto found = storages.find(key);
    if (found == storages.end()) damaged(fmt::format("the numbers '{}' are missing", key));
    return found->second;
  };
  return gather_state(object, bytes, most_numbers(content));
}

}  // namespace naevus::network
