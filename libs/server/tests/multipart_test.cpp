#include "multipart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "naevus/base/random.hpp"
#include "naevus/server/http.hpp"

namespace naevus::server {
namespace {

using std::string;

const string image_part =
    "--XX\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a;b\\\".jpg\"\r\nContent-Type: "
    "image/jpeg\r\n\r\n";

std::vector<string> contents(const string& body) {
  std::vector<string> result;
  for (const Part& part : read_multipart(body, "XX")) result.push_back(part.name + "=" + string(part.content));
  return result;
}

TEST(Boundary, IsReadWhereTheTypeIsForms) {
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=----WebKitFormBoundary7MA4"),
            "----WebKitFormBoundary7MA4");
  EXPECT_EQ(multipart_boundary("Multipart/Form-Data ; charset=utf-8; BOUNDARY=\"a b\""), "a b");
  EXPECT_EQ(multipart_boundary("image/jpeg"), std::nullopt);
  EXPECT_EQ(multipart_boundary("multipart/mixed; boundary=x"), std::nullopt);
  EXPECT_EQ(multipart_boundary(""), std::nullopt);
  for (const char* wrong :
       {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"a", "multipart/form-data; boundary=a; boundary=b",
        "multipart/form-data; boundary=\"a\r\n\"", "multipart/form-data; boundary=\"a \""})
    EXPECT_THROW(multipart_boundary(wrong), Refusal) << wrong;
  EXPECT_THROW(multipart_boundary("multipart/form-data; boundary=" + string(71, 'x')), Refusal);
}

TEST(Multipart, GivesThePartsAsTheyWereSent) {
  const string picture("\xff\xd8\0\r\n--X\r\n\r\n--Y\n", 16);
  EXPECT_EQ(
      contents(image_part + picture + "\r\n--XX\r\ncontent-disposition:form-data;name=age\r\n\r\n61\r\n--XX--\r\n"),
      (std::vector<string>{"image=" + picture, "age=61"}));
  EXPECT_EQ(contents("a preamble\r\n" + image_part + "\r\n--XX--an epilogue"), (std::vector<string>{"image="}));
  EXPECT_EQ(contents("--XX \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--XX--"),
            (std::vector<string>{"a=1"}));
  EXPECT_TRUE(contents("--XX--").empty());
}

TEST(Multipart, ThatIsMalformedIsRefused) {
  for (const string& body :
       {string(), string("--XX"), string("--XX\r\n"), string("--YY\r\n"),
        string("--XX\nContent-Disposition: form-data; name=a\n\n1\n--XX--"), image_part, image_part + "data",
        image_part + "data\r\n--X", image_part + "data\n--XX--", image_part + "1\r\n" + image_part + "2\r\n--XX--",
        string("--XX\r\n\r\n1\r\n--XX--"), string("--XX\r\nContent-Type: image/jpeg\r\n\r\n1\r\n--XX--"),
        string("--XX\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--XX--"),
        string("--XX\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XX--"),
        string("--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--XX--"),
        string("--XX\r\nno field\r\n\r\n1\r\n--XX--"),
        string("--XXX\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--XX--"),
        string("--XX\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: "
               "base64\r\n\r\nMQ==\r\n--XX--")})
    EXPECT_THROW(contents(body), Refusal) << body;
}

TEST(Multipart, HasLimits) {
  const auto part = [](const string& name, const string& more = "") {
    return "--XX\r\nContent-Disposition: form-data; name=" + name + "\r\n" + more + "\r\n1\r\n";
  };
  string many;
  for (int i = 0; i < 16; ++i) many += part("p" + std::to_string(i));
  EXPECT_EQ(contents(many + "--XX--").size(), 16U);
  EXPECT_THROW(contents(many + part("p16") + "--XX--"), Refusal);
  EXPECT_THROW(contents(part(string(65, 'n')) + "--XX--"), Refusal);
  EXPECT_EQ(contents(part("a", "X: " + string(1900, 'x') + "\r\n") + "--XX--").size(), 1U);
  EXPECT_THROW(contents(part("a", "X: " + string(2100, 'x') + "\r\n") + "--XX--"), Refusal);
}

TEST(Multipart, AnyBytesAreReadOrRefused) {
  const string whole = image_part + "data\r\n--XX\r\nContent-Disposition: form-data; name=age\r\n\r\n61\r\n--XX--\r\n";
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    Random random(seed);
    string body = whole;
    for (std::uint64_t edits = 1 + random.below(4); edits > 0; --edits) {
      const auto at = random.below(body.size());
      const auto kind = random.below(3);
      if (kind == 0) body.erase(at, 1 + random.below(8));
      if (kind == 1) body[at] = static_cast<char>(random.below(256));
      if (kind == 2) body.insert(at, body.substr(random.below(body.size()), random.below(12)));
      if (body.empty()) break;
    }
    try {
      for (const Part& part : read_multipart(body, "XX")) {
        ASSERT_FALSE(part.name.empty());
        if (!part.content.empty()) {
          ASSERT_GE(part.content.data(), body.data());
          ASSERT_LE(part.content.data() + part.content.size(), body.data() + body.size());
        }
        ASSERT_EQ(part.content.find("\r\n--XX"), string::npos);
      }
    } catch (const Refusal& refusal) {
      ASSERT_THAT(refusal.status(), testing::AnyOf(400U, 413U));
    }
  }
}

}  // namespace
}  // namespace naevus::server
