#include "naevus/base/file_lock.hpp"

#include <gtest/gtest.h>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"

namespace naevus {
namespace {

TEST(FileLock, IsHeldByOneUntilItIsGone) {
  const TemporaryFolder folder;
  {
    const auto held = FileLock::take(folder / "a/lock");
    ASSERT_TRUE(held);
    EXPECT_FALSE(FileLock::take(folder / "a/lock"));
  }
  EXPECT_TRUE(FileLock::take(folder / "a/lock"));
}

TEST(FileLock, WhereNoFileCanBeIsAnError) {
  const TemporaryFolder folder;
  EXPECT_THROW(FileLock::take(folder.path()), IoError);
}

}  // namespace
}  // namespace naevus
