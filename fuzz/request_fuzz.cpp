// Any request target (its first line) and JSON body: segments that lead nowhere else and no control character, an
// object that survives being written, and text fields; or a refusal with 400. build/fuzz/bin/request_fuzz CORPUS
// fuzz/corpus/request -max_len=4096
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "json_body.hpp"
#include "naevus/server/http.hpp"

namespace {

using namespace naevus::server;

bool has_control(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void check_target(std::string_view target) {
  Head head;
  read_target(target, head);
  for (const std::string& segment : head.path)
    if (segment.empty() || segment == "." || segment == ".." || segment.find('/') != std::string::npos ||
        has_control(segment))
      std::abort();
  for (const auto& [name, value] : head.query)
    if (has_control(name) || has_control(value)) std::abort();
}

void check_body(const std::string& body) {
  const auto object = read_json(body);
  if (!object.is_object() || read_json(json_response(object).body) != object) std::abort();
  for (const auto& [name, value] : object.items())
    if (value.is_string()) check_text(name, value, 64);
}

/// Nothing but a refusal may be thrown.
template <class Part>
void refused_at_most(const Part& part) {
  try {
    part();
  } catch (const Refusal& refusal) {
    if (refusal.status() != 400 || refusal.detail().empty()) std::abort();
    response_of(refusal, "1");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(text.find('\n'), size);
  refused_at_most([&] { check_target(text.substr(0, line)); });
  refused_at_most([&] { check_body(std::string(text.substr(std::min(line + 1, size)))); });
  return 0;
}
