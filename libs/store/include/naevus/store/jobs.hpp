#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "naevus/store/database.hpp"
#include "naevus/store/types.hpp"

namespace naevus::store {

enum class JobState { queued, running, done, failed, cancelled };

/// @throws InputError where it is no state's name
JobState job_state_from(const std::string& name);
const char* name(JobState state);

/// Work of minutes or hours that a server has done beside its answers.
struct Job {
  std::string id;
  std::string kind;       ///< "train", "clean", "retrain"
  std::string arguments;  ///< JSON object
  std::string actor;      ///< who asked for it
  JobState state = JobState::queued;
  Time created_at;
  std::optional<Time> started_at, ended_at;  ///< begun for the first time
  std::string progress;                      ///< JSON object, or empty: how far it is
  std::string result;                        ///< JSON object, or empty: what came of it
  std::string problem;                       ///< of a failed one: what went wrong
  bool cancelling = false;                   ///< it was asked to stop, and has not yet
};

/// Something that happened in a job, in the order of its numbers from 1.
struct JobEvent {
  std::int64_t number = 0;
  Time at;
  std::string text;  ///< JSON object
};

/// @param arguments  JSON
Job add_job(Database& database, const Actor& actor, const std::string& kind, const std::string& arguments);

std::optional<Job> find_job(Database& database, const std::string& id);

struct JobPage {
  std::vector<Job> jobs;  ///< newest first
  std::string next;       ///< cursor of the page behind; empty: there is none
};
/// @throws InputError where the cursor is none of ours
JobPage list_jobs(Database& database, std::size_t limit, const std::string& cursor = {});

/// Ends a job that waits; one that runs is asked to.
/// @return nothing where there is no such job, or it has ended
std::optional<Job> cancel_job(Database& database, const Actor& actor, const std::string& id);

/// The oldest job that waits, or whose runner was not heard of for `patience`, if no other runs: it is that runner's.
std::optional<Job> claim_job(Database& database, const std::string& runner, std::chrono::milliseconds patience);

enum class JobReport {
  goes_on,
  cancelled,  ///< it is to stop
  lost,       ///< it is another runner's by now, or has ended
};
/// What its runner says now and then, to be taken for alive.
JobReport report_job(Database& database, const std::string& id, const std::string& runner, const std::string& progress);

void add_job_event(Database& database, const std::string& id, const std::string& text);
/// At most `limit`, those behind number `after`.
std::vector<JobEvent> job_events(Database& database, const std::string& id, std::int64_t after, std::size_t limit);

/// How a job ended. `queued` gives it back: it waits for a runner again.
struct JobEnd {
  JobState state = JobState::done;
  std::string result, problem;
};
/// Does nothing where the job is another runner's by now.
void end_job(Database& database, const std::string& id, const std::string& runner, const JobEnd& end);

}  // namespace naevus::store
