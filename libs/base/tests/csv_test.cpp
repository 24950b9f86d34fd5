#include "naevus/base/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/random.hpp"

namespace naevus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Row = std::vector<std::string>;

/// What the error says that this text gives.
std::string failure(std::string_view text) {
  try {
    parse_csv(text, "t.csv");
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

TEST(Csv, ReadsHeaderAndRows) {
  const CsvTable table = parse_csv("a,b\n1,2\n3,4\n", "t");
  EXPECT_THAT(table.header, ElementsAre("a", "b"));
  EXPECT_THAT(table.rows, ElementsAre(Row{"1", "2"}, Row{"3", "4"}));
  EXPECT_THAT(table.line, ElementsAre(2, 3));
  EXPECT_EQ(table.column("b"), 1U);
  EXPECT_EQ(table.column("c"), std::nullopt);
}

TEST(Csv, FollowsTheExamplesOfRfc4180) {
  EXPECT_THAT(parse_csv("f,g,h\r\naaa,bbb,ccc\r\nzzz,yyy,xxx", "t").rows,
              ElementsAre(Row{"aaa", "bbb", "ccc"}, Row{"zzz", "yyy", "xxx"}));  // no line end on the last line
  EXPECT_THAT(parse_csv("f,g,h\r\n\"aaa\",\"bbb\",\"ccc\"\r\nzzz,yyy,xxx\r\n", "t").rows.front(),
              ElementsAre("aaa", "bbb", "ccc"));
  EXPECT_THAT(parse_csv("f,g,h\r\n\"aaa\",\"b\r\nbb\",\"ccc\"\r\n", "t").rows.front(),
              ElementsAre("aaa", "b\r\nbb", "ccc"));
  EXPECT_THAT(parse_csv("f,g,h\r\n\"aaa\",\"b\"\"bb\",\"ccc\"\r\n", "t").rows.front(),
              ElementsAre("aaa", "b\"bb", "ccc"));
}

TEST(Csv, SpacesArePartOfAFieldButNotOfAColumnName) {
  const CsvTable table = parse_csv(" image , label\n a b , nv \n", "t");
  EXPECT_THAT(table.header, ElementsAre("image", "label"));
  EXPECT_THAT(table.rows.front(), ElementsAre(" a b ", " nv "));
}

TEST(Csv, EmptyFieldsAreKept) {
  EXPECT_THAT(parse_csv("a,b,c\n,,\n\"\",x,\n", "t").rows, ElementsAre(Row{"", "", ""}, Row{"", "x", ""}));
}

TEST(Csv, ByteOrderMarkAndAnyScriptAreUnderstood) {
  const CsvTable table = parse_csv(
      "\xEF\xBB\xBF"
      "image,label\nпятно 母斑.jpg,nv\n",
      "t");
  EXPECT_THAT(table.header, ElementsAre("image", "label"));
  EXPECT_EQ(table.rows[0][0], "пятно 母斑.jpg");
}

TEST(Csv, EmptyLinesArePassedOver) {
  const CsvTable table = parse_csv("a,b\n\n1,2\n\r\n3,4\n\n", "t");
  EXPECT_EQ(table.rows.size(), 2U);
  EXPECT_THAT(table.line, ElementsAre(3, 5));
}

TEST(Csv, RowsAfterAFieldOfSeveralLinesKeepTheirLineNumbers) {
  const CsvTable table = parse_csv("a,b\n\"1\n1\n1\",2\n3,4\n5,\"6\n\"\n7,8\n", "t");
  EXPECT_THAT(table.line, ElementsAre(2, 5, 6, 8));
  EXPECT_EQ(table.rows[0][0], "1\n1\n1");
}

TEST(Csv, HeaderOverSeveralLinesKeepsLineNumbers) {
  EXPECT_THAT(parse_csv("\"a\nb\",c\n1,2\n", "t").line, ElementsAre(3));
}

TEST(Csv, OldMacintoshLineEndsAreUnderstood) {
  EXPECT_THAT(parse_csv("a,b\r1,2\r3,4\r", "t").rows, ElementsAre(Row{"1", "2"}, Row{"3", "4"}));
}

TEST(Csv, ARowOfAnotherLengthIsNamedByItsLine) {
  EXPECT_THAT(failure("a,b\n1,2\n1,2,3\n"), HasSubstr("t.csv:3: the row has 3 fields, the header 2"));
  EXPECT_THAT(failure("a,b\n\n\n1\n"), HasSubstr("t.csv:4: the row has 1 fields"));
  EXPECT_THAT(failure("a,b\n\"1\n\n\",2\n1\n"), HasSubstr("t.csv:5:"));
  EXPECT_THAT(failure("a,b\n1,2\n3"), HasSubstr("t.csv:3:"));  // found only at the end of the file
}

TEST(Csv, AQuoteThatIsNeverClosedIsNamedByTheLineItStartsOn) {
  EXPECT_THAT(failure("a,b\n1,2\n\"3,4\n5,6\n"), HasSubstr("t.csv:3: a quoted field is never closed"));
}

TEST(Csv, AQuoteInTheMiddleOfAFieldIsRefused) {
  EXPECT_THAT(failure("a,b\n1,2\nx\"y,2\n"), HasSubstr("t.csv:3: a quote is out of place"));
  EXPECT_THAT(failure("a,b\n\"x\"y,2\n"), HasSubstr("t.csv:2: a quote is out of place"));
}

TEST(Csv, HeaderMustNameEachColumnOnce) {
  EXPECT_THAT(failure("image,label,image\n"), HasSubstr("the column 'image' stands twice"));
  EXPECT_THAT(failure("image, image\n"), HasSubstr("stands twice"));
  EXPECT_THAT(failure("image,,label\n"), HasSubstr("column 2 has no name"));
}

TEST(Csv, WhatIsNoTableIsRefused) {
  EXPECT_THAT(failure(""), HasSubstr("is empty"));
  EXPECT_THAT(failure("\xEF\xBB\xBF"), HasSubstr("is empty"));
  EXPECT_THAT(failure("\n\n\n"), HasSubstr("is empty"));
  EXPECT_THAT(failure(std::string_view("a,b\n1,\0\n", 8)), HasSubstr("not a text file"));
}

TEST(Csv, ErrorsOfAFileNameIt) {
  const TemporaryFolder folder;
  write_file(folder / "x.csv", "a,a\n");
  try {
    read_csv(folder / "x.csv");
    FAIL() << "nothing was thrown";
  } catch (const InputError& error) {
    EXPECT_EQ(error.where(), (folder / "x.csv").string() + ":1");
  }
}

TEST(Csv, QuotesOnlyWhereNeeded) {
  EXPECT_EQ(csv_line(Row{"a", "b c", "d,e", "f\"g", "h\ni", ""}), "a,b c,\"d,e\",\"f\"\"g\",\"h\ni\",\n");
}

TEST(Csv, ARowOfOneEmptyFieldIsNotLost) {
  const CsvTable table{{"a"}, {{""}, {"x"}}, {}};
  EXPECT_EQ(parse_csv(to_csv(table), "t").rows, table.rows);
}

TEST(Csv, EveryTableSurvivesBeingWrittenAndRead) {
  static constexpr std::array<std::string_view, 12> pieces{"a",  "B7", ",", "\"", "\n",   "\r\n",
                                                           "\r", " ",  "é", "母", "\"\"", ";"};
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    CsvTable table;
    for (std::uint64_t c = 0, columns = 1 + random.below(5); c < columns; ++c)
      table.header.push_back("column " + std::to_string(c));
    for (std::uint64_t r = 0, rows = random.below(8); r < rows; ++r) {
      Row row(table.header.size());
      for (std::string& field : row)
        for (std::uint64_t i = 0, size = random.below(5); i < size; ++i) field += pieces[random.below(pieces.size())];
      table.rows.push_back(row);
    }
    const std::string text = to_csv(table);
    const CsvTable read = parse_csv(text, "t");
    ASSERT_EQ(read.header, table.header) << text;
    ASSERT_EQ(read.rows, table.rows) << text;
    // Each row stands on the line that it is said to.
    for (std::size_t r = 0; r < read.rows.size(); ++r) {
      std::size_t begin = 0;
      for (std::size_t line = 1; line < read.line[r]; ++line) begin = text.find('\n', begin) + 1;
      ASSERT_TRUE(text.substr(begin).starts_with(csv_line(table.rows[r]))) << text;
    }
  }
}

}  // namespace
}  // namespace naevus
