#include "multipart.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "naevus/server/http.hpp"

namespace naevus::server {
namespace {

[[noreturn]] void malformed(const std::string& what) {
  throw Refusal(400, "multipart", "the multipart body is malformed: " + what,
                "send the picture as the body itself, or have a library build the form");
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7f && std::string_view("()<>@,;:\\\"/[]?={}").find(c) == std::string_view::npos;
  });
}

/// The value in front: a token, or a quoted string with its escapes undone. It is taken off `rest`.
std::string take_value(std::string_view& rest) {
  if (!rest.starts_with('"')) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view value = trimmed(rest.substr(0, end));
    rest.remove_prefix(end);
    if (!is_token(value)) malformed("a parameter has no value");
    return std::string(value);
  }
  std::string value;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
      if (!rest.empty() && !rest.starts_with(';')) malformed("something follows a quoted value");
      return value;
    }
    if (rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\')) ++i;
    value += rest[i];
  }
  malformed("a quoted value has no end");
}

/// Parameters of "form-data; name=…; filename=…"; `head` becomes what stands before them.
Fields take_parameters(std::string_view text, std::string_view& head) {
  const std::size_t end = std::min(text.find(';'), text.size());
  head = trimmed(text.substr(0, end));
  text.remove_prefix(end);
  Fields parameters;
  while (!text.empty()) {
    text.remove_prefix(1);  // the semicolon
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) {
      if (trimmed(text).empty()) break;
      malformed("a parameter has no value");
    }
    std::string name(trimmed(text.substr(0, equals)));
    std::transform(name.begin(), name.end(), name.begin(), lower);
    if (!is_token(name)) malformed("a parameter has no name");
    if (find(parameters, name)) malformed(fmt::format("the parameter '{}' stands twice", name));
    text.remove_prefix(equals + 1);
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    std::string value = take_value(text);
    parameters.emplace_back(std::move(name), std::move(value));
  }
  return parameters;
}

void read_disposition(std::string_view value, Part& part, const MultipartLimits& limits) {
  std::string_view kind;
  const Fields parameters = take_parameters(value, kind);
  const auto name = find(parameters, "name");
  if (!same_word(kind, "form-data") || !name || name->empty()) malformed("a part is no named form-data");
  if (name->size() > limits.name_bytes) malformed("a part's name is too long");
  part.name = *name;
}

void read_part_header(std::string_view header, Part& part, const MultipartLimits& limits) {
  bool disposed = false;
  while (!header.empty()) {
    const std::size_t end = header.find("\r\n");
    const std::string_view line = header.substr(0, end);
    header.remove_prefix(end + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)) ||
        std::any_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t'; }))
      malformed("a part's header field makes no sense");
    const std::string_view name = line.substr(0, colon), value = trimmed(line.substr(colon + 1));
    if (same_word(name, "content-disposition")) {
      if (std::exchange(disposed, true)) malformed("a part has two Content-Dispositions");
      read_disposition(value, part, limits);
    } else if (same_word(name, "content-type")) {
      part.content_type = std::string(value);
    } else if (same_word(name, "content-transfer-encoding") && !same_word(value, "binary") &&
               !same_word(value, "8bit") && !same_word(value, "7bit")) {
      malformed(fmt::format("a part in the transfer encoding '{}' is not taken", value));
    }
  }
  if (!disposed) malformed("a part has no Content-Disposition");
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
  const std::string_view kind = trimmed(content_type.substr(0, content_type.find(';')));
  if (!same_word(kind, "multipart/form-data")) return std::nullopt;
  std::string_view head;
  const auto boundary = find(take_parameters(content_type, head), "boundary");
  constexpr std::string_view allowed = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? ";
  if (!boundary || boundary->empty() || boundary->size() > 70 || boundary->ends_with(' ') ||
      boundary->find_first_not_of(allowed) != std::string::npos)
    malformed("its Content-Type names no boundary");
  return boundary;
}

std::vector<Part> read_multipart(std::string_view body, std::string_view boundary, const MultipartLimits& limits) {
  const std::string delimiter = fmt::format("\r\n--{}", boundary);
  const std::string_view first = std::string_view(delimiter).substr(2);
  std::size_t at = body.starts_with(first) ? first.size() : body.find(delimiter);
  if (at == std::string_view::npos) malformed("its boundary does not occur");
  if (!body.starts_with(first)) at += delimiter.size();
  std::vector<Part> parts;
  for (;;) {
    body.remove_prefix(at);
    if (body.starts_with("--")) return parts;
    body.remove_prefix(std::min(body.find_first_not_of(" \t"), body.size()));
    if (!body.starts_with("\r\n")) malformed("a delimiter is followed by something else");
    if (parts.size() == limits.parts)
      throw Refusal(413, "multipart", fmt::format("the form has more than {} parts", limits.parts));
    const std::size_t end = body.substr(0, limits.header_bytes + 4).find("\r\n\r\n");
    if (end == std::string_view::npos) malformed("a part's header has no end, or is too long");
    Part part;
    read_part_header(end == 0 ? std::string_view() : body.substr(2, end), part, limits);
    body.remove_prefix(end + 2);  // the empty line stays: a part without content ends with it
    const std::size_t close = body.find(delimiter);
    if (close == std::string_view::npos) malformed("it ends early: the closing delimiter is missing");
    part.content = close < 2 ? std::string_view() : body.substr(2, close - 2);
    if (std::any_of(parts.begin(), parts.end(), [&](const Part& other) { return other.name == part.name; }))
      malformed(fmt::format("the part '{}' stands twice", part.name));
    parts.push_back(std::move(part));
    at = close + delimiter.size();
  }
}

}  // namespace naevus::server
