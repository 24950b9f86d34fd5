#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "naevus/base/file.hpp"
#include "naevus/store/database.hpp"
#include "naevus/store/model_folder.hpp"
#include "naevus/store/picture_folder.hpp"
#include "naevus/store/predictions.hpp"

namespace naevus::store {

/// A PostgreSQL of the tests' own: in a temporary folder, reached through a Unix socket, gone with the object or the
/// process. It does not run as root: there the user postgres is taken.
class PostgresServer {
 public:
  PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;
  ~PostgresServer();

  /// The one that most tests share.
  static PostgresServer& shared();

  /// The address of a new, empty database.
  std::string new_database();

  /// Ends it as a crash would, and starts it again.
  void restart();

 private:
  void start();
  void stop();
  std::string address(const std::string& database) const;

  TemporaryFolder folder_;
  pid_t process_ = 0;
  int databases_ = 0;
};

/// An empty place on SQLite.
struct OnSqlite {
  TemporaryFolder folder;
  Location location{.folder = folder / "data"};
};

/// An empty place on PostgreSQL.
struct OnPostgres {
  TemporaryFolder folder;
  Location location{.folder = folder / "data", .url = PostgresServer::shared().new_database()};
};

/// A suite that runs on both databases.
template <typename Home>
class Store : public testing::Test {
 protected:
  Home home;
  Database database{home.location};
  PictureFolder pictures{home.location.folder};
  ModelFolder models{home.location.folder};
  Actor alice{"key:a"}, bob{"key:b"};

  Prediction add(const Actor& actor, Prediction prediction, const std::string& picture = "a picture") {
    return add_prediction(database, pictures, actor, std::move(prediction), as_bytes(picture)).prediction;
  }
};

using Homes = testing::Types<OnSqlite, OnPostgres>;

/// mel with the given probability, nv with the rest.
Prediction some_prediction(double melanoma = 0.8);

/// Runs SQL behind the store's back.
void tamper(Database& database, const std::vector<std::string>& statements);

/// Does the work in a process of its own, which the caller has to wait for.
pid_t in_process(const std::function<void()>& work);

/// Waits for it to end.
/// @return its exit code, or 128 + the signal's number
int outcome_of(pid_t process);

}  // namespace naevus::store
