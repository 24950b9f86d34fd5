#include "naevus/base/error.hpp"

#include <gtest/gtest.h>

namespace naevus {
namespace {

TEST(Error, SaysWhereWhatAndWhatToDo) {
  EXPECT_STREQ(InputError("the JPEG ends early", "a.jpg", "copy it again").what(),
               "a.jpg: the JPEG ends early (copy it again)");
}

TEST(Error, LeavesOutWhatIsNotKnown) {
  EXPECT_STREQ(Error("out of order").what(), "out of order");
  EXPECT_STREQ(Error("out of order", "", "wait").what(), "out of order (wait)");
  EXPECT_STREQ(Error("out of order", "here").what(), "here: out of order");
}

TEST(Error, PlaceCanBeGivenLater) {
  InputError error("the JPEG ends early", "", "copy it again");
  error.set_where("b.jpg");
  EXPECT_EQ(error.where(), "b.jpg");
  EXPECT_STREQ(error.what(), "b.jpg: the JPEG ends early (copy it again)");
}

TEST(Error, KindSurvivesBeingCaughtAsError) {
  try {
    throw UsageError("no such flag");
  } catch (const Error& error) {
    EXPECT_NE(dynamic_cast<const UsageError*>(&error), nullptr);
    EXPECT_EQ(dynamic_cast<const InputError*>(&error), nullptr);
  }
}

}  // namespace
}  // namespace naevus
