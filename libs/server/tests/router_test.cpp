#include "router.hpp"

#include <gtest/gtest.h>

#include "json_body.hpp"

namespace naevus::server {
namespace {

Head head_of(const std::string& method, const std::string& target) {
  Head head;
  head.method = method;
  read_target(target, head);
  return head;
}

Router routes() {
  Router router;
  router.add({.method = "GET", .pattern = "/predictions"});
  router.add({.method = "POST", .pattern = "/predictions"});
  router.add({.method = "DELETE", .pattern = "/predictions/{id}"});
  router.add({.method = "GET", .pattern = "/live", .live = true});
  return router;
}

TEST(Router, FindsTheRouteAndItsNames) {
  const Router router = routes();
  std::vector<std::string> names;
  EXPECT_EQ(router.find(head_of("POST", "/predictions"), names).method, "POST");
  EXPECT_TRUE(names.empty());
  EXPECT_EQ(router.find(head_of("DELETE", "/predictions/a%20b"), names).pattern, "/predictions/{id}");
  EXPECT_EQ(names, std::vector<std::string>{"a b"});
  EXPECT_EQ(router.pattern_of(head_of("BREW", "/predictions/7")), "/predictions/{id}");
  EXPECT_EQ(router.pattern_of(head_of("GET", "/")), "");
}

TEST(Router, TakesANameBeforeWhatStandsForAny) {
  Router router;
  router.add({.method = "GET", .pattern = "/models/{id}"});
  router.add({.method = "POST", .pattern = "/models/rollback"});
  std::vector<std::string> names;
  EXPECT_EQ(router.find(head_of("POST", "/models/rollback"), names).pattern, "/models/rollback");
  EXPECT_EQ(router.find(head_of("GET", "/models/7"), names).pattern, "/models/{id}");
  EXPECT_EQ(router.allowed(head_of("OPTIONS", "/models/rollback")), "POST, OPTIONS");
  EXPECT_THROW(router.find(head_of("GET", "/models/rollback"), names), Refusal);
}

TEST(Router, TellsWhatElseIsAllowed) {
  const Router router = routes();
  std::vector<std::string> names;
  try {
    router.find(head_of("PUT", "/predictions"), names);
    FAIL() << "PUT has no route";
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.status(), 405U);
    EXPECT_EQ(find(refusal.fields(), "Allow"), "GET, HEAD, POST, OPTIONS");
  }
  EXPECT_EQ(router.allowed(head_of("OPTIONS", "/live")), "GET, OPTIONS");
  EXPECT_THROW(router.find(head_of("GET", "/predictions/1/2"), names), Refusal);
  EXPECT_THROW(router.allowed(head_of("OPTIONS", "/nowhere")), Refusal);
}

TEST(Router, GivesTheRestWhatNoRouteBeginsAs) {
  Router router = routes();
  router.add({.method = "GET", .pattern = "/"});
  router.add_rest({.method = "GET", .pattern = "/{page}"},
                  [](const Head& head) { return find(head.fields, "x").has_value(); });
  const auto asked = [](const std::string& method, const std::string& target) {
    Head head = head_of(method, target);
    head.fields.emplace_back("x", "");
    return head;
  };
  std::vector<std::string> names;
  EXPECT_EQ(router.find(asked("GET", "/"), names).pattern, "/");
  EXPECT_EQ(router.find(asked("GET", "/history/7"), names).pattern, "/{page}");
  EXPECT_TRUE(names.empty());
  EXPECT_EQ(router.pattern_of(asked("GET", "/history")), "/{page}");
  EXPECT_EQ(router.pattern_of(asked("GET", "/predictions/7/8")), "");
  EXPECT_EQ(router.pattern_of(head_of("GET", "/history")), "");
  EXPECT_EQ(router.allowed(asked("OPTIONS", "/history")), "GET, HEAD, OPTIONS");
  try {
    router.find(asked("POST", "/history"), names);
    FAIL() << "POST has no route";
  } catch (const Refusal& refusal) {
    EXPECT_EQ(refusal.status(), 405U);
  }
}

TEST(JsonBody, IsAnObjectThatIsNotTooDeep) {
  EXPECT_EQ(read_json(R"({"a": ["[[[["]})").at("a").size(), 1U);
  const auto nested = [](int depth) {
    return R"({"a":)" + std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']') + "}";
  };
  EXPECT_NO_THROW(read_json(nested(31)));
  for (const std::string& wrong :
       {nested(32), nested(100'000), std::string(), std::string("[]"), std::string("3"), std::string("{"),
        std::string("{\"a\": \"\xff\"}"), std::string("{} {}"), std::string(R"({"a": 1e999})")})
    EXPECT_THROW(read_json(wrong), Refusal) << wrong.substr(0, 40);
}

TEST(JsonBody, TextThatIsKeptIsText) {
  EXPECT_NO_THROW(check_text("comment", "Größe\n\t7 mm", 100));
  for (const std::string& wrong :
       {std::string("\xff"), std::string("a\0b", 3), std::string("\x1b[31m"), std::string(101, 'x')})
    EXPECT_THROW(check_text("comment", wrong, 100), Refusal);
}

}  // namespace
}  // namespace naevus::server
