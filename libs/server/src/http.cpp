#include "naevus/server/http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace naevus::server {
namespace {

[[noreturn]] void refuse_target(const std::string& detail) {
  throw Refusal(400, "bad-target", detail,
                "ask for a path that begins with '/', other bytes than letters percent-encoded");
}

int hexadecimal(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text, bool plus_is_space) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_space) c = ' ';
    if (c == '%') {
      const int high = i + 1 < text.size() ? hexadecimal(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hexadecimal(text[i + 2]) : -1;
      if (high < 0 || low < 0) refuse_target("the address holds a '%' without two hexadecimal digits");
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) refuse_target("the address holds a control character");
    result += c;
  }
  return result;
}

void read_path(std::string_view path, std::vector<std::string>& segments) {
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string segment = decoded(path.substr(0, end), false);
    if (segment == "." || segment == ".." || segment.find('/') != std::string::npos)
      refuse_target("the address holds a segment that leads elsewhere");
    path.remove_prefix(end);
    if (segment.empty() && !path.empty()) refuse_target("the address holds an empty segment");
    if (!segment.empty()) segments.push_back(segment);  // a slash at the end changes nothing
  }
}

void read_query(std::string_view query, Fields& pairs) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (!pair.empty())
      pairs.emplace_back(decoded(pair.substr(0, equals), true),
                         decoded(pair.substr(std::min(equals + 1, pair.size())), true));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
}

}  // namespace

std::optional<std::string> find(const Fields& fields, std::string_view name) {
  const auto it = std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
  return it == fields.end() ? std::nullopt : std::optional(it->second);
}

void read_target(std::string_view target, Head& head) {
  if (!target.starts_with('/')) refuse_target("the request's target is no path of this server");
  const std::size_t question = std::min(target.find('?'), target.size());
  read_path(target.substr(0, question), head.path);
  read_query(target.substr(std::min(question + 1, target.size())), head.query);
}

Refusal::Refusal(unsigned status, std::string kind, std::string detail, std::string advice, Fields fields)
    : status_(status),
      kind_(std::move(kind)),
      detail_(std::move(detail)),
      advice_(std::move(advice)),
      fields_(std::move(fields)) {}

std::string_view reason_of(unsigned status) {
  static constexpr std::array<std::pair<unsigned, std::string_view>, 30> reasons{{
      {101, "Switching Protocols"},
      {200, "OK"},
      {201, "Created"},
      {204, "No Content"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {406, "Not Acceptable"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {411, "Length Required"},
      {412, "Precondition Failed"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {421, "Misdirected Request"},
      {422, "Unprocessable Content"},
      {426, "Upgrade Required"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
      {507, "Insufficient Storage"},
  }};
  const auto* const it =
      std::find_if(reasons.begin(), reasons.end(), [&](const auto& one) { return one.first == status; });
  return it == reasons.end() ? "Error" : it->second;
}

Response response_of(const Refusal& refusal, const std::string& request_id) {
  nlohmann::ordered_json object{{"type", "urn:naevus:problem:" + refusal.kind()},
                                {"title", reason_of(refusal.status())},
                                {"status", refusal.status()},
                                {"detail", refusal.detail()}};
  if (!refusal.advice().empty()) object["advice"] = refusal.advice();
  object["request_id"] = request_id;
  return {.status = refusal.status(),
          .content_type = "application/problem+json",
          .body = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n",
          .fields = refusal.fields(),
          .refusal = refusal.kind()};
}

void Exchange::refuse(const Refusal& refusal) const {
  reply(response_of(refusal, head->id));
}

}  // namespace naevus::server
