#include "naevus/base/hash.hpp"

#include <gtest/gtest.h>

#include "naevus/base/file.hpp"

namespace naevus {
namespace {

TEST(Hash, IsXxh3Of128Bits) {
  // `xxhsum -H2` prints these (the first is the published value for no input).
  EXPECT_EQ(hash_hex({}), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(hash_hex(as_bytes("abc")), "06b05ab6733a618578af5f94892f3950");
}

}  // namespace
}  // namespace naevus
