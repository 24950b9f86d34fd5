#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace naevus::server {

struct Part {
  std::string name;
  std::string content_type;  ///< empty where none was sent
  std::string_view content;  ///< within the body
};

struct MultipartLimits {
  std::size_t parts = 16;
  std::size_t header_bytes = 2048;  ///< of one part
  std::size_t name_bytes = 64;
};

/// The boundary of `multipart/form-data; boundary=…` (RFC 7578); nothing where the type is another.
/// @throws Refusal 400 where it is that type without a boundary of 1 to 70 of RFC 2046's characters
std::optional<std::string> multipart_boundary(std::string_view content_type);

/// The parts of a multipart/form-data body. Strict: CRLF at every line's end, Content-Disposition: form-data with a
/// name in each part, no part's name twice, no transfer encoding within, the closing delimiter there; what stands
/// before the first delimiter and after the last is dropped. File names are not read.
/// @throws Refusal 400 for what is not so, 413 over a limit
std::vector<Part> read_multipart(std::string_view body, std::string_view boundary, const MultipartLimits& limits = {});

}  // namespace naevus::server
