#include "naevus/store/audit.hpp"

#include <thread>

#include "homes.hpp"
#include "naevus/store/access.hpp"

namespace naevus::store {
namespace {

template <typename Home>
class Audit : public Store<Home> {
 protected:
  /// The first broken entry after the statements, which do without the database's own guard.
  std::int64_t broken_by(const std::vector<std::string>& statements) {
    const bool sqlite = this->home.location.url.empty();
    tamper(this->database, sqlite ? std::vector<std::string>{"DROP TRIGGER IF EXISTS audit_no_update",
                                                             "DROP TRIGGER IF EXISTS audit_no_delete"}
                                  : std::vector<std::string>{"DROP TRIGGER IF EXISTS audit_only_grows ON audit"});
    tamper(this->database, statements);
    const auto report = verify_audit(this->database);
    return report.broken ? report.broken->entry : 0;
  }
};
TYPED_TEST_SUITE(Audit, Homes);

TYPED_TEST(Audit, IsOneChainHoweverManyThreadsWrite) {
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 8; ++thread)
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 20; ++i) this->add({"key:" + std::to_string(thread)}, some_prediction(), std::to_string(i));
      });
  }
  const auto report = verify_audit(this->database);
  EXPECT_FALSE(report.broken) << report.broken->problem;
  EXPECT_EQ(report.entries, 8 * 20);
  EXPECT_EQ(report.head.size(), 64U);
  EXPECT_EQ(history(this->database, {}, 1000).predictions.size(), 8U * 20);
}

TYPED_TEST(Audit, IsOneChainHoweverManyProcessesWrite) {
  std::vector<pid_t> processes;
  for (int process = 0; process < 2; ++process) {
    processes.push_back(in_process([&] {
      Database own(this->home.location);
      for (int i = 0; i < 40; ++i)
        add_prediction(own, this->pictures, {"key:" + std::to_string(process)}, some_prediction(), as_bytes("picture"));
    }));
  }
  for (const pid_t process : processes) EXPECT_EQ(outcome_of(process), 0);
  const auto report = verify_audit(this->database);
  EXPECT_FALSE(report.broken) << report.broken->problem;
  EXPECT_EQ(report.entries, 2 * 40);
}

TYPED_TEST(Audit, OnlyGrows) {
  this->add(this->alice, some_prediction());
  EXPECT_ANY_THROW(tamper(this->database, {"UPDATE audit SET actor = 'key:b'"}));
  EXPECT_ANY_THROW(tamper(this->database, {"DELETE FROM audit"}));
  EXPECT_FALSE(verify_audit(this->database).broken);
}

TYPED_TEST(Audit, NamesTheFirstEntryThatIsNotAsItWasWritten) {
  for (int i = 0; i < 7; ++i) this->add(this->alice, some_prediction());
  EXPECT_EQ(this->broken_by({}), 0);
  EXPECT_EQ(this->broken_by({"UPDATE audit SET actor = 'key:b' WHERE entry = 5"}), 5);
  EXPECT_EQ(this->broken_by({"UPDATE audit SET details = details || ' ' WHERE entry = 3"}), 3);
  EXPECT_EQ(this->broken_by({"UPDATE audit SET at = at + 1 WHERE entry = 2"}), 2);
  EXPECT_EQ(this->broken_by({"DELETE FROM audit WHERE entry = 1"}), 1);
}

TYPED_TEST(Audit, NamesEntriesThatWereTakenFromItsEndOrPutThere) {
  for (int i = 0; i < 4; ++i) this->add(this->alice, some_prediction());
  const std::string copy =
      "INSERT INTO audit SELECT entry + 1, at, actor, action, object, details, previous, hash FROM audit"
      " WHERE entry = 4";
  EXPECT_EQ(this->broken_by({copy}), 5);
  EXPECT_EQ(this->broken_by({"DELETE FROM audit WHERE entry = 5"}), 0);
  EXPECT_EQ(this->broken_by({"DELETE FROM audit WHERE entry = 4"}), 4);
}

}  // namespace
}  // namespace naevus::store
