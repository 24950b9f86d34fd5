#include "naevus/page/page.hpp"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>

namespace naevus::page {

const File* find(std::string_view path) {
  const auto all = files();
  const auto it = std::ranges::lower_bound(all, path, {}, &File::path);
  return it == all.end() || it->path != path ? nullptr : &*it;
}

std::string inflated(const File& file) {
  std::string bytes(file.size, '\0');
  z_stream stream{};
  // zlib reads through a pointer to non-const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(file.gzip.data()));
  stream.avail_in = static_cast<uInt>(file.gzip.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  constexpr int gzip_alone = 16 + MAX_WBITS;
  if (inflateInit2(&stream, gzip_alone) != Z_OK) throw std::bad_alloc();
  const int result = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  if (result != Z_STREAM_END || stream.avail_out != 0)
    throw std::logic_error("a file of the page is not as it was packed: " + std::string(file.path));
  return bytes;
}

}  // namespace naevus::page
