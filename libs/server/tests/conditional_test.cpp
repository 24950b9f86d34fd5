#include "conditional.hpp"

#include <gtest/gtest.h>

namespace naevus::server {
namespace {

bool has(const Fields& fields, const std::string& tag) {
  Head head;
  head.fields = fields;
  return has_already(head, tag);
}

// RFC 9110, sections 8.8.3.2 and 13.1.2.
TEST(IfNoneMatch, ComparesTagsWeakly) {
  for (const std::string held : {"\"1\"", "W/\"1\""})
    for (const std::string tag : {"\"1\"", "W/\"1\""}) EXPECT_TRUE(has({{"if-none-match", held}}, tag)) << held << tag;
  EXPECT_FALSE(has({{"if-none-match", "\"2\""}}, "\"1\""));
  EXPECT_FALSE(has({{"if-none-match", "1"}}, "\"1\""));
}

TEST(IfNoneMatch, MayBeAListSeveralFieldsOrAny) {
  EXPECT_TRUE(has({{"if-none-match", "\"xyzzy\", \"r2d2xxxx\" ,W/\"c3piozzzz\""}}, "\"c3piozzzz\""));
  EXPECT_TRUE(has({{"if-none-match", "\"a\""}, {"if-none-match", "\"b\""}}, "\"b\""));
  EXPECT_TRUE(has({{"if-none-match", "*"}}, "\"b\""));
}

TEST(IfNoneMatch, SaysNothingWhereItIsEmptyOrMissing) {
  EXPECT_FALSE(has({}, "\"a\""));
  EXPECT_FALSE(has({{"if-none-match", ""}}, "\"a\""));
  EXPECT_FALSE(has({{"if-none-match", " , ,"}}, "\"a\""));
  EXPECT_FALSE(has({{"if-match", "\"a\""}}, "\"a\""));
}

}  // namespace
}  // namespace naevus::server
