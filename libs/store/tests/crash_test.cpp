#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <thread>

#include "connections.hpp"
#include "homes.hpp"
#include "naevus/base/error.hpp"
#include "naevus/store/access.hpp"
#include "naevus/store/audit.hpp"

namespace naevus::store {
namespace {

constexpr std::size_t id_digits = 32;

/// Adds predictions until it is killed, and writes each one's id to the pipe once it was answered.
void answer_for_ever(const Location& location, int pipe) {
  Database database(location);
  const PictureFolder pictures(location.folder);
  for (int i = 0;; ++i) {
    const auto picture = "picture " + std::to_string(::getpid()) + " " + std::to_string(i);
    const auto id = add_prediction(database, pictures, {"key:a"}, some_prediction(), as_bytes(picture)).prediction.id;
    if (::write(pipe, id.data(), id.size()) != static_cast<ssize_t>(id.size())) ::_exit(1);
  }
}

/// Whole ids out of the pipe, until its other end is closed.
std::vector<std::string> ids_from(int pipe) {
  std::string text;
  std::string piece(1 << 16, '\0');
  for (ssize_t got = 1; got > 0;) {
    got = ::read(pipe, piece.data(), piece.size());
    if (got > 0) text.append(piece, 0, static_cast<std::size_t>(got));
  }
  std::vector<std::string> ids;
  for (std::size_t at = 0; at + id_digits <= text.size(); at += id_digits) ids.push_back(text.substr(at, id_digits));
  return ids;
}

TEST(Crash, KilledAtAnyMomentNothingThatWasAnsweredIsLost) {
  const OnSqlite home;
  const PictureFolder pictures(home.location.folder);
  std::mt19937 random(6);
  std::vector<std::string> answered;
  for (int round = 0; round < 25; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t writer = in_process([&] { answer_for_ever(home.location, ends[1]); });
    ::close(ends[1]);
    std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution(0, 250'000)(random)));
    ::kill(writer, SIGKILL);
    EXPECT_EQ(outcome_of(writer), 128 + SIGKILL);
    const auto ids = ids_from(ends[0]);
    ::close(ends[0]);
    answered.insert(answered.end(), ids.begin(), ids.end());

    Database database(home.location);
    for (const auto& id : ids) {
      const auto found = find_prediction(database, id);
      ASSERT_TRUE(found) << "round " << round;
      EXPECT_NO_THROW(pictures.read(found->picture));
    }
    const auto report = verify_audit(database);
    ASSERT_FALSE(report.broken) << "round " << round << ": " << report.broken->problem;
  }
  ASSERT_FALSE(answered.empty());
  Database database(home.location);
  for (const auto& id : answered) EXPECT_TRUE(find_prediction(database, id));
  EXPECT_LE(sweep_pictures(database, pictures), 25U);  // each kill leaves at most one picture without a prediction
  EXPECT_EQ(sweep_pictures(database, pictures), 0U);
}

TEST(Crash, FullDiskIsNamedAndLosesNothingThatWasAnswered) {
  const OnSqlite home;
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t writer = in_process([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1'000'000, 1'000'000};  // room for the schema and some predictions
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      answer_for_ever(home.location, ends[1]);
    } catch (const IoError& error) {
      if (error.where() != (home.location.folder / "naevus.db").string() || error.advice().empty()) throw;
    }
  });
  ::close(ends[1]);
  const auto ids = ids_from(ends[0]);
  ::close(ends[0]);
  EXPECT_EQ(outcome_of(writer), 0);
  EXPECT_FALSE(ids.empty());
  Database database(home.location);
  for (const auto& id : ids) EXPECT_TRUE(find_prediction(database, id));
  EXPECT_FALSE(verify_audit(database).broken);
  create_key(database, {"local"}, {.name = "there is space again"});
  EXPECT_FALSE(verify_audit(database).broken);
}

/// Ends the connection that the transaction has, from another one.
void disconnect(Database& other, Transaction& transaction) {
  int process = 0;
  transaction.sql << "SELECT pg_backend_pid()", soci::into(process);
  other.connections().read([&](soci::session& sql) {
    int ended = 0;
    sql << "SELECT CASE WHEN pg_terminate_backend(:process, 60000) THEN 1 ELSE 0 END", soci::use(process),
        soci::into(ended);
    if (ended != 1) throw std::runtime_error("the connection could not be ended");
  });
}

TEST(Crash, AChangeWhoseConnectionIsLostIsMadeOnceMore) {
  const OnPostgres home;
  Database database(home.location), other(home.location);
  int calls = 0;
  const int answer = database.connections().write({"key:a"}, [&](Transaction& transaction) {
    transaction.audit("test", "object", {{"call", ++calls}});
    if (calls == 1) disconnect(other, transaction);
    return calls;
  });
  EXPECT_EQ(answer, 2);
  EXPECT_EQ(verify_audit(database).entries, 1);
}

TEST(Crash, ACommitOfWhichNothingWasHeardIsLookedUpAndNotMadeTwice) {
  const OnPostgres home;
  Database database(home.location), other(home.location);
  int calls = 0;
  const int answer = database.connections().write({"key:a"}, [&](Transaction& transaction) {
    transaction.audit("test", "object", {{"call", ++calls}});
    transaction.sql << "COMMIT";  // it arrives, and only then the connection is lost
    disconnect(other, transaction);
    return calls;
  });
  EXPECT_EQ(answer, 1);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(verify_audit(database).entries, 1);
}

TEST(Crash, AReadingWhoseConnectionIsLostIsDoneOnceMore) {
  const OnPostgres home;
  Database database(home.location, {.sessions = 2}), other(home.location);
  create_key(database, {"key:a"}, {.name = "key"});
  tamper(other, {"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                 " AND pid <> pg_backend_pid()"});
  for (int i = 0; i < 4; ++i) EXPECT_EQ(list_keys(database).size(), 1U);
}

TEST(Crash, PostgresqlRestartedUnderLoadLosesNothingThatWasAnsweredAndDoublesNothing) {
  PostgresServer server;
  const TemporaryFolder folder;
  const Location location{.folder = folder / "data", .url = server.new_database()};
  Database database(location, {.sessions = 4, .patience = std::chrono::minutes(3)});
  const PictureFolder pictures(location.folder);
  std::atomic<bool> stop = false;
  std::vector<std::vector<std::string>> answered(4);
  std::vector<std::string> failures(4);
  std::vector<std::jthread> threads;
  for (std::size_t thread = 0; thread < answered.size(); ++thread) {
    threads.emplace_back([&, thread] {
      const Actor actor{"key:" + std::to_string(thread)};
      try {
        while (!stop) {
          const auto id = add_prediction(database, pictures, actor, some_prediction(), as_bytes("p")).prediction.id;
          answered[thread].push_back(id);
          if (!find_prediction(database, id)) failures[thread] = "an answer is lost";
        }
      } catch (const Error& error) {
        failures[thread] = error.what();
      }
    });
  }
  for (int restart = 0; restart < 3; ++restart) {
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    server.restart();
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(700));
  stop = true;
  threads.clear();
  std::size_t count = 0;
  for (std::size_t thread = 0; thread < answered.size(); ++thread) {
    EXPECT_EQ(failures[thread], "");
    for (const auto& id : answered[thread]) EXPECT_TRUE(find_prediction(database, id));
    count += answered[thread].size();
  }
  EXPECT_GT(count, 0U);
  const auto report = verify_audit(database);
  EXPECT_FALSE(report.broken) << report.broken->problem;
  EXPECT_EQ(report.entries, static_cast<std::int64_t>(count));
}

}  // namespace
}  // namespace naevus::store
