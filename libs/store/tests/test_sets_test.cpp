#include "naevus/store/test_sets.hpp"

#include "homes.hpp"
#include "naevus/store/audit.hpp"

namespace naevus::store {
namespace {

template <typename Home>
class TestSets : public Store<Home> {};
TYPED_TEST_SUITE(TestSets, Homes);

TYPED_TEST(TestSets, EachReadingOfEachSetIsCountedAndEnteredInTheLog) {
  const auto before = verify_audit(this->database).entries;
  EXPECT_EQ(count_test_reading(this->database, this->alice, "one"), 1);
  EXPECT_EQ(count_test_reading(this->database, this->alice, "one"), 2);
  EXPECT_EQ(count_test_reading(this->database, this->bob, "another"), 1);
  EXPECT_EQ(count_test_reading(this->database, this->bob, "one"), 3);
  EXPECT_EQ(verify_audit(this->database).entries, before + 4);
}

}  // namespace
}  // namespace naevus::store
