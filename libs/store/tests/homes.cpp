#include "homes.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <signal.h>
#include <soci/postgresql/soci-postgresql.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "connections.hpp"

namespace naevus::store {
namespace {

const std::string programs = "/usr/lib/postgresql/15/bin/";

/// What runs a program as somebody who is not root, and ends it with this process.
std::vector<std::string> prefix() {
  std::vector<std::string> words{"/usr/bin/setpriv", "--pdeathsig", "QUIT"};
  if (::geteuid() == 0)
    for (const char* word : {"--reuid=postgres", "--regid=postgres", "--clear-groups"}) words.emplace_back(word);
  return words;
}

pid_t spawn(std::vector<std::string> words) {
  auto command = prefix();
  command.insert(command.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  for (auto& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t process = ::fork();
  if (process == 0) {
    const int nowhere = ::open("/dev/null", O_WRONLY);
    ::dup2(nowhere, STDOUT_FILENO);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  return process;
}

}  // namespace

PostgresServer::PostgresServer() {
  if (::geteuid() == 0) {
    const passwd* const user = ::getpwnam("postgres");
    if (user == nullptr || ::chown(folder_.path().c_str(), user->pw_uid, user->pw_gid) != 0)
      throw std::runtime_error("there is no user postgres: run scripts/install-deps");
  }
  const std::string data = folder_ / "data";
  const int made = outcome_of(spawn({programs + "initdb", "--pgdata=" + data, "--username=naevus", "--auth=trust",
                                     "--encoding=UTF8", "--no-locale", "--no-sync", "--no-instructions"}));
  if (made != 0) throw std::runtime_error("initdb failed: run scripts/install-deps");
  start();
}

PostgresServer::~PostgresServer() {
  stop();
}

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

void PostgresServer::start() {
  process_ = spawn({programs + "postgres", "-D", folder_ / "data", "-c", "listen_addresses=", "-c",
                    "unix_socket_directories=" + folder_.path().string(), "-c", "fsync=off", "-c", "shared_buffers=8MB",
                    "-c", "log_min_messages=panic", "-c", "max_connections=60"});
  for (int attempt = 0; attempt < 600; ++attempt) {
    if (outcome_of(spawn({programs + "pg_isready", "--quiet", "--host=" + folder_.path().string()})) == 0) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  throw std::runtime_error("PostgreSQL does not start");
}

void PostgresServer::stop() {
  ::kill(process_, SIGQUIT);
  outcome_of(process_);
}

void PostgresServer::restart() {
  stop();
  start();
}

std::string PostgresServer::address(const std::string& database) const {
  return fmt::format("postgresql://naevus@/{}?host={}", database, folder_.path().string());
}

std::string PostgresServer::new_database() {
  soci::session session(soci::postgresql, address("postgres"));
  const std::string name = fmt::format("naevus{}", ++databases_);
  session << "CREATE DATABASE " << name;
  return address(name);
}

Prediction some_prediction(double melanoma) {
  Prediction prediction;
  prediction.picture_format = "png";
  prediction.model = "naevus-7";
  prediction.model_version = "3";
  prediction.classes = {"mel", "nv"};
  prediction.probabilities = {melanoma, 1 - melanoma};
  prediction.decision = "malignant";
  prediction.source = "http";
  return prediction;
}

void tamper(Database& database, const std::vector<std::string>& statements) {
  database.connections().write({"nobody"}, [&](Transaction& transaction) {
    for (const auto& statement : statements) transaction.sql << statement;
  });
}

pid_t in_process(const std::function<void()>& work) {
  const pid_t process = ::fork();
  if (process != 0) return process;
  int code = 0;
  try {
    work();
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    code = 1;
  }
  ::_exit(code);
}

int outcome_of(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace naevus::store
