#include "naevus/server/http.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace naevus::server {
namespace {

Head head_of(std::string_view target) {
  Head head;
  read_target(target, head);
  return head;
}

TEST(Target, IsTakenApartAndDecoded) {
  const Head head = head_of("/v2/models/naevus%207/ready?class=a%26b&class=c+d&empty=&flag");
  EXPECT_EQ(head.path, (std::vector<std::string>{"v2", "models", "naevus 7", "ready"}));
  EXPECT_EQ(head.query, (Fields{{"class", "a&b"}, {"class", "c d"}, {"empty", ""}, {"flag", ""}}));
  EXPECT_EQ(find(head.query, "class"), "a&b");
  EXPECT_EQ(find(head.query, "none"), std::nullopt);
  EXPECT_TRUE(head_of("/").path.empty());
  EXPECT_EQ(head_of("/v2/").path, head_of("/v2").path);
}

TEST(Target, ThatMakesNoSenseIsRefused) {
  for (const char* target : {"", "*", "v2", "http://127.0.0.1/", "/%", "/%2", "/%zz", "/a%00b", "/a%0Ab", "//", "/a//b",
                             "/./a", "/a/..", "/%2e%2e/a", "/a%2fb", "/a?x=%9"})
    EXPECT_THROW(head_of(target), Refusal) << target;
}

TEST(Refusal, IsProblemDetailsWhateverItsWordsHold) {
  const Response response = response_of(
      Refusal(422, "picture", "the \"picture\" \xff ends early", "send it whole", {{"Retry-After", "1"}}), "id-1");
  EXPECT_EQ(response.status, 422U);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(find(response.fields, "Retry-After"), "1");
  const auto object = nlohmann::json::parse(response.body);
  EXPECT_EQ(object.at("type"), "urn:naevus:problem:picture");
  EXPECT_EQ(object.at("title"), "Unprocessable Content");
  EXPECT_EQ(object.at("status"), 422);
  EXPECT_EQ(object.at("advice"), "send it whole");
  EXPECT_EQ(object.at("request_id"), "id-1");
}

}  // namespace
}  // namespace naevus::server
