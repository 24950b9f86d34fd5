#include "safetensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "element.hpp"
#include "naevus/base/error.hpp"

namespace naevus::network {
namespace {

using nlohmann::json;

constexpr std::size_t prefix_size = 8;
constexpr std::uint64_t header_limit = 100'000'000;  // the reference reader's

[[noreturn]] void damaged(const std::string& problem) {
  throw InputError("this safetensors file is damaged: " + problem, "", "get the file again");
}

std::optional<Element> element_named(const std::string& name) {
  static const std::map<std::string, Element> known = {
      {"F64", Element::f64},       {"F32", Element::f32},       {"F16", Element::f16},
      {"BF16", Element::bf16},     {"I8", Element::integer8},   {"U8", Element::integer8},
      {"BOOL", Element::integer8}, {"I16", Element::integer16}, {"U16", Element::integer16},
      {"I32", Element::integer32}, {"U32", Element::integer32}, {"I64", Element::integer64},
      {"U64", Element::integer64},
  };
  const auto found = known.find(name);
  return found == known.end() ? std::nullopt : std::optional(found->second);
}

/// A tensor's place in the file.
struct Entry {
  std::string name;
  Element element = Element::f32;
  std::vector<std::int64_t> shape;
  std::size_t begin = 0, end = 0;
};

std::size_t unsigned_number(const json& value, const std::string& name) {
  if (!value.is_number_unsigned()) damaged(fmt::format("'{}' has a number that is none", name));
  return value.get<std::size_t>();
}

Entry parse_entry(const std::string& name, const json& value, std::size_t data_size) {
  if (!value.is_object() || !value.contains("dtype") || !value.contains("shape") || !value.contains("data_offsets"))
    damaged(fmt::format("'{}' lacks dtype, shape or data_offsets", name));
  const json &type = value["dtype"], &shape = value["shape"], &offsets = value["data_offsets"];
  if (!type.is_string() || !shape.is_array() || !offsets.is_array() || offsets.size() != 2)
    damaged(fmt::format("'{}' is not described as a tensor", name));

  Entry entry{.name = name};
  const auto element = element_named(type.get<std::string>());
  if (!element)
    throw InputError(fmt::format("tensor '{}' is of type {}, which is not read", name, type.get<std::string>()), "",
                     "save it as F32, F16 or BF16");
  entry.element = *element;
  for (const json& side : shape) {
    const std::size_t number = unsigned_number(side, name);
    if (number > data_size) damaged(fmt::format("'{}' is larger than the file", name));
    entry.shape.push_back(static_cast<std::int64_t>(number));
  }
  entry.begin = unsigned_number(offsets[0], name);
  entry.end = unsigned_number(offsets[1], name);
  const auto count = element_count(entry.shape, data_size);
  if (!count || entry.begin > entry.end || entry.end > data_size ||
      entry.end - entry.begin != *count * element_size(entry.element))
    damaged(fmt::format("the shape of '{}' does not fit its place in the file", name));
  return entry;
}

std::vector<Entry> parse_header(const json& header, std::size_t data_size) {
  std::vector<Entry> entries;
  for (const auto& [name, value] : header.items())
    if (name != "__metadata__") entries.push_back(parse_entry(name, value, data_size));
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
  std::size_t reached = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != reached) damaged(fmt::format("a hole or an overlap before '{}'", entry.name));
    reached = entry.end;
  }
  if (reached != data_size) damaged(fmt::format("{} bytes at its end belong to no tensor", data_size - reached));
  return entries;
}

}  // namespace

StateDict read_safetensors(std::span<const std::byte> content) {
  if (content.size() < prefix_size) damaged("it ends early");
  std::uint64_t header_size = 0;
  std::memcpy(&header_size, content.data(), prefix_size);
  content = content.subspan(prefix_size);
  if (header_size > header_limit || header_size > content.size()) damaged("it ends inside its header");
  const auto* text = reinterpret_cast<const char*>(content.data());
  const json header = json::parse(text, text + header_size, nullptr, /*allow_exceptions=*/false);
  if (!header.is_object()) damaged("its header is no JSON object");

  const auto data = content.subspan(static_cast<std::size_t>(header_size));
  StateDict state;
  for (Entry& entry : parse_header(header, data.size())) {
    if (!is_real(entry.element)) continue;
    Tensor tensor{std::move(entry.shape), {}};
    const std::size_t size = element_size(entry.element);
    tensor.values.reserve((entry.end - entry.begin) / size);
    for (std::size_t at = entry.begin; at < entry.end; at += size)
      tensor.values.push_back(to_float(entry.element, data.data() + at));
    state.emplace(std::move(entry.name), std::move(tensor));
  }
  return state;
}

std::vector<std::byte> to_safetensors(const StateDict& state, const std::map<std::string, std::string>& metadata) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::size_t offset = 0;
  for (const auto& [name, tensor] : state) {
    const std::size_t end = offset + tensor.values.size() * sizeof(float);
    header[name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump(-1, ' ', false, json::error_handler_t::replace);
  text.append((prefix_size - text.size() % prefix_size) % prefix_size, ' ');  // the data begins at a multiple of eight

  std::vector<std::byte> content(prefix_size + text.size() + offset);
  const std::uint64_t header_size = text.size();
  std::byte* at = content.data();
  std::memcpy(at, &header_size, prefix_size);
  std::memcpy(at += prefix_size, text.data(), text.size());
  at += text.size();
  for (const auto& [name, tensor] : state) {
    const std::size_t size = tensor.values.size() * sizeof(float);
    if (size > 0) std::memcpy(at, tensor.values.data(), size);
    at += size;
  }
  return content;
}

}  // namespace naevus::network
