#pragma once
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "naevus/base/parallel.hpp"
#include "naevus/server/server.hpp"
#include "naevus/store/jobs.hpp"
#include "naevus/store/model_folder.hpp"
#include "served_models.hpp"

namespace naevus::server {

/// Does the jobs that are kept in the database, one after another, in processes of their own that give way to all
/// others. Of several servers on one database one works at a time. A job that the server's end stops waits in the
/// database and goes on with the next server.
class JobRunner {
 public:
  JobRunner(const ServerOptions& options, store::Database& database, const store::ModelFolder& files,
            const ServedModels& models);
  /// Stops what runs.
  ~JobRunner();
  JobRunner(const JobRunner&) = delete;
  JobRunner& operator=(const JobRunner&) = delete;

  void start();
  /// There may be something new to do.
  void look();

 private:
  struct Doing;

  void run();
  void work(const store::Job& job);
  void watch(Doing& doing);
  store::JobEnd end_of(const store::Job& job, Doing& doing, int exit_code) const;
  std::string enter_model(const store::Job& job) const;

  const ServerOptions& options_;
  store::Database& database_;
  const store::ModelFolder& files_;
  const ServedModels& models_;
  std::string name_;  ///< this runner's, in the database
  std::mutex mutex_;
  std::condition_variable news_;
  bool ending_ = false, look_ = false;
  std::jthread thread_;
};

}  // namespace naevus::server
