#include "naevus/store/database.hpp"

#include <sys/stat.h>

#include <fstream>

#include "connections.hpp"
#include "homes.hpp"
#include "naevus/base/error.hpp"
#include "naevus/store/access.hpp"
#include "naevus/store/audit.hpp"

namespace naevus::store {
namespace {

using testing::HasSubstr;

/// What opening the database is refused with.
template <typename Refusal>
std::string refusal_of(const Location& location, const DatabaseOptions& options = {}) {
  try {
    const Database database(location, options);
  } catch (const Refusal& error) {
    return error.what();
  }
  return "nothing";
}

template <typename Home>
class Opened : public Store<Home> {};
TYPED_TEST_SUITE(Opened, Homes);

TYPED_TEST(Opened, AgainItHoldsWhatWasKept) {
  const auto id = this->add(this->alice, some_prediction()).id;
  Database again(this->home.location, {.create = false});
  EXPECT_TRUE(find_prediction(again, id));
}

TYPED_TEST(Opened, ByManyAtOnceItIsMadeOnce) {
  TypeParam fresh;
  std::vector<pid_t> processes;
  for (int process = 0; process < 4; ++process)
    processes.push_back(in_process([&] { const Database made(fresh.location); }));
  for (const pid_t process : processes) EXPECT_EQ(outcome_of(process), 0);
  Database again(fresh.location);
  EXPECT_FALSE(verify_audit(again).broken);
}

TYPED_TEST(Opened, OfANewerProgramItIsRefusedWithTheVersionNeeded) {
  tamper(this->database, {"INSERT INTO naevus_schema VALUES (1000, '7.5.0', 0)"});
  const std::string words = refusal_of<InputError>(this->home.location);
  EXPECT_THAT(words, HasSubstr("was written by naevus 7.5.0 (schema 1000); this is naevus "));
  EXPECT_THAT(words, HasSubstr("use naevus 7.5.0 or later"));
}

TYPED_TEST(Opened, WithTablesOfAnotherProgramItIsLeftAlone) {
  tamper(this->database, {"DROP TABLE naevus_schema"});
  EXPECT_THAT(refusal_of<InputError>(this->home.location), HasSubstr("holds tables of another program"));
}

TYPED_TEST(Opened, FailuresTellNothingOfWhatWasToBeKept) {
  tamper(this->database, {"DROP TABLE lesion_predictions", "DROP TABLE feedback", "DROP TABLE predictions"});
  auto prediction = some_prediction();
  prediction.patient_key = "Müller";
  try {
    this->add(this->alice, prediction);
    FAIL();
  } catch (const IoError& error) {
    EXPECT_THAT(error.problem(), HasSubstr("predictions"));
    EXPECT_THAT(error.what(), testing::Not(HasSubstr("Müller")));
  }
}

TEST(Sqlite, IsReadableByItsOwnerAlone) {
  OnSqlite home;
  const Database database(home.location);
  struct stat status{};
  ASSERT_EQ(::stat(home.location.folder.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
}

TEST(Sqlite, ThatIsNotThereIsOnlyMadeWhereThatIsWanted) {
  OnSqlite home;
  EXPECT_THAT(refusal_of<IoError>(home.location, {.create = false}), HasSubstr("there is no database"));
  EXPECT_FALSE(std::filesystem::exists(home.location.folder));
}

TEST(Sqlite, ThatIsNoneIsRefused) {
  OnSqlite home;
  std::filesystem::create_directories(home.location.folder);
  std::ofstream(home.location.folder / "naevus.db") << std::string(5000, 'x');
  EXPECT_THAT(refusal_of<InputError>(home.location), HasSubstr("is no SQLite database"));
}

TEST(Sqlite, InAFolderWithSpacesAndOddSignsIsOpened) {
  OnSqlite home;
  home.location.folder = home.folder / "a b=c; d'e ü";
  Database database(home.location);
  create_key(database, {"local"}, {.name = "key"});
  EXPECT_TRUE(std::filesystem::exists(home.location.folder / "naevus.db"));
}

TEST(Sqlite, HeldByAnotherProcessForTooLongIsAnErrorThatSaysSo) {
  OnSqlite home;
  Database first(home.location), second(home.location, {.patience = std::chrono::milliseconds(50)});
  std::string words;
  first.connections().write({"local"}, [&](Transaction&) {
    try {
      create_key(second, {"local"}, {.name = "key"});
    } catch (const IoError& error) {
      words = error.problem();
    }
  });
  EXPECT_THAT(words, HasSubstr("another process has held it for too long"));
}

TEST(Postgresql, AddressesAreCheckedAndNeverShownWithTheirPassword) {
  EXPECT_THAT(refusal_of<UsageError>({.url = "mysql://host/name"}), HasSubstr("--database"));
  const std::string words =
      refusal_of<IoError>({.url = "postgresql://user:pa55word@/none?host=/nowhere/at/all&password=pa55word"});
  EXPECT_THAT(words, HasSubstr("postgresql:///none"));
  EXPECT_THAT(words, testing::Not(HasSubstr("pa55word")));
}

}  // namespace
}  // namespace naevus::store
