// Any Content-Type (its first line) and body: parts that lie within the body in its order, or a refusal with 400 or
// 413. build/fuzz/bin/multipart_fuzz CORPUS fuzz/corpus/multipart -max_len=4096
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "multipart.hpp"
#include "naevus/server/http.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naevus::server;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(text.find('\n'), size);
  const std::string_view body = text.substr(std::min(line + 1, size));
  try {
    const auto boundary = multipart_boundary(text.substr(0, line));
    const char* last = body.data();
    for (const Part& part : read_multipart(body, boundary.value_or("XX"))) {
      if (part.name.empty()) std::abort();
      if (part.content.empty()) continue;
      if (part.content.data() < last || part.content.data() + part.content.size() > body.data() + body.size())
        std::abort();
      last = part.content.data() + part.content.size();
    }
  } catch (const Refusal& refusal) {
    if (refusal.status() != 400 && refusal.status() != 413) std::abort();
  }
  return 0;
}
