#include "field_list.hpp"

#include <gtest/gtest.h>

namespace naevus::server {
namespace {

std::optional<double> weight(const std::string& value, const std::string& choice) {
  return weight_of(list_of({{"accept-encoding", value}}, "accept-encoding"), choice);
}

TEST(FieldList, JoinsTheFieldsOfItsName) {
  const Fields fields{{"accept", "a, b;q=0.5"}, {"other", "x"}, {"accept", "\tc ,d"}};
  EXPECT_EQ(list_of(fields, "accept"), (std::vector<std::string>{"a", "b;q=0.5", "c", "d"}));
  EXPECT_TRUE(list_of(fields, "none").empty());
}

// The examples of RFC 9110, sections 12.4.2, 12.5.1 and 12.5.3.
TEST(FieldList, WeighsChoicesAsTheRfcDoes) {
  EXPECT_EQ(weight("compress, gzip", "gzip"), 1);
  EXPECT_EQ(weight("compress;q=0.5, gzip;q=1.0", "compress"), 0.5);
  EXPECT_EQ(weight("gzip;q=1.0, identity; q=0.5, *;q=0", "identity"), 0.5);
  EXPECT_EQ(weight("gzip;q=1.0, identity; q=0.5, *;q=0", "*"), 0);
  EXPECT_EQ(weight("gzip;q=1.0, identity; q=0.5, *;q=0", "br"), std::nullopt);
  EXPECT_EQ(weight("text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed", "text/plain"), 0.7);
  EXPECT_EQ(weight("text/html;level=2;q=0.4", "text/html"), 0.4);
  EXPECT_EQ(weight("GZip ; Q=0.25", "gzip"), 0.25);
  EXPECT_EQ(weight("", "gzip"), std::nullopt);
  EXPECT_EQ(weight("gzipped, xgzip", "gzip"), std::nullopt);
}

TEST(FieldList, TakesWhatIsNoWeightAsNotAtAll) {
  for (const char* wrong : {"gzip;q=", "gzip;q=yes", "gzip;q=-1", "gzip;q=2", "gzip;q=0.5x", "gzip;q=nan",
                            "gzip;q=1e-1", "gzip;q", "gzip;q=inf"})
    EXPECT_EQ(weight(wrong, "gzip"), 0) << wrong;
}

}  // namespace
}  // namespace naevus::server
