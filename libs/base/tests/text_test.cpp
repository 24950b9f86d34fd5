#include "naevus/base/text.hpp"

#include <gtest/gtest.h>

#include <array>

namespace naevus {
namespace {

TEST(EditDistance, IsTheTextbooks) {
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("saturday", "sunday"), 3U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("same", "same"), 0U);
}

TEST(NearestWord, IsTheFirstOfTheNearest) {
  const std::array<std::string, 3> words{"blurred", "dark", "leak"};
  EXPECT_EQ(nearest_word("blured", words), "blurred");
  EXPECT_EQ(nearest_word("leaks", words), "leak");
  EXPECT_EQ(nearest_word("", words), "dark");
}

TEST(Folded, LeavesWhatSpellingsShare) {
  EXPECT_EQ(folded("  Basal_Cell--carcinoma "), "basal cell carcinoma");
  EXPECT_EQ(folded("-"), "");
  EXPECT_EQ(folded("Näv\tus"), "näv us");
}

}  // namespace
}  // namespace naevus
