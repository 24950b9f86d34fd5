#include "naevus/clean/journal.hpp"

#include <gtest/gtest.h>

#include "naevus/base/error.hpp"

namespace naevus::clean {
namespace {

std::string text_of(const std::optional<std::vector<std::byte>>& record) {
  return record ? std::string(reinterpret_cast<const char*>(record->data()), record->size()) : "(none)";
}

TEST(Journal, TakesUpWhatWasWritten) {
  const TemporaryFolder folder;
  {
    Journal journal(folder / "work/journal", "test 1");
    journal.add("a", as_bytes("first"));
    journal.add("b", as_bytes(""));
  }
  Journal journal(folder / "work/journal", "test 1");
  EXPECT_EQ(journal.size(), 2U);
  EXPECT_EQ(text_of(journal.take("a")), "first");
  EXPECT_EQ(text_of(journal.take("b")), "");
  EXPECT_EQ(text_of(journal.take("c")), "(none)");
}

TEST(Journal, WhereverItIsCutTheWholeRecordsBeforeAreThereAndItGoesOn) {
  const TemporaryFolder folder;
  const auto path = folder / "journal";
  {
    Journal journal(path, "test 1");
    journal.add("a", as_bytes("first"));
    journal.add("b", as_bytes("second"));
  }
  const auto whole = read_file(path);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    write_file(path, std::span(whole).first(length));
    std::size_t kept = 0;
    {
      Journal journal(path, "test 1");
      kept = journal.size();
      EXPECT_LT(kept, 2U);
      journal.add("c", as_bytes("third"));
    }
    Journal again(path, "test 1");
    EXPECT_EQ(again.size(), kept + 1);
    EXPECT_EQ(text_of(again.take("c")), "third");
  }
}

TEST(Journal, ADamagedRecordIsNotThere) {
  const TemporaryFolder folder;
  const auto path = folder / "journal";
  {
    Journal journal(path, "test 1");
    journal.add("a", as_bytes("first"));
  }
  auto bytes = read_file(path);
  bytes[bytes.size() - 35] ^= std::byte{1};  // in "first"
  write_file(path, bytes);
  EXPECT_EQ(Journal(path, "test 1").size(), 0U);
}

TEST(Journal, AnotherVersionBeginsAnew) {
  const TemporaryFolder folder;
  Journal(folder / "journal", "test 1").add("a", as_bytes("first"));
  EXPECT_EQ(Journal(folder / "journal", "test 2").size(), 0U);
}

TEST(Journal, HasOneWriter) {
  const TemporaryFolder folder;
  const Journal journal(folder / "journal", "test 1");
  EXPECT_THROW(Journal(folder / "journal", "test 1"), IoError);
}

}  // namespace
}  // namespace naevus::clean
