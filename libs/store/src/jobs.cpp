#include "naevus/store/jobs.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "connections.hpp"
#include "crypto.hpp"
#include "cursor.hpp"
#include "naevus/base/error.hpp"
#include "prediction_rows.hpp"
#include "text_check.hpp"

namespace naevus::store {
namespace {

constexpr std::size_t most_text = 64 << 10;
constexpr std::array<std::pair<JobState, const char*>, 5> states{{{JobState::queued, "queued"},
                                                                  {JobState::running, "running"},
                                                                  {JobState::done, "done"},
                                                                  {JobState::failed, "failed"},
                                                                  {JobState::cancelled, "cancelled"}}};

constexpr const char* columns =
    "SELECT j.seq, j.id, j.kind, j.arguments, j.actor, j.state, j.created_at, j.started_at, j.ended_at, j.progress,"
    " j.result, j.problem, j.cancelling FROM jobs j ";

std::optional<Time> time_or_none(const soci::row& row, const char* column) {
  if (row.get_indicator(column) == soci::i_null) return std::nullopt;
  return time_of(row.get<long long>(column));
}

Job job_of(const soci::row& row) {
  return {.id = row.get<std::string>("id"),
          .kind = row.get<std::string>("kind"),
          .arguments = row.get<std::string>("arguments"),
          .actor = row.get<std::string>("actor"),
          .state = job_state_from(row.get<std::string>("state")),
          .created_at = time_of(row.get<long long>("created_at")),
          .started_at = time_or_none(row, "started_at"),
          .ended_at = time_or_none(row, "ended_at"),
          .progress = row.get<std::string>("progress"),
          .result = row.get<std::string>("result"),
          .problem = row.get<std::string>("problem"),
          .cancelling = row.get<long long>("cancelling") != 0};
}

std::optional<Job> find(soci::session& sql, const std::string& id) {
  soci::row row;
  sql << columns << "WHERE j.id = :id", soci::use(id), soci::into(row);
  if (!sql.got_data()) return std::nullopt;
  return job_of(row);
}

}  // namespace

const char* name(JobState state) {
  return std::find_if(states.begin(), states.end(), [&](const auto& one) { return one.first == state; })->second;
}

JobState job_state_from(const std::string& text) {
  const auto it = std::find_if(states.begin(), states.end(), [&](const auto& one) { return one.second == text; });
  if (it == states.end()) throw InputError("'" + text + "' is no state of a job", "state");
  return it->first;
}

Job add_job(Database& database, const Actor& actor, const std::string& kind, const std::string& arguments) {
  check_text(kind, "kind", 100);
  check_text(arguments, "arguments", most_text);
  const Job job{.id = random_hex(16), .kind = kind, .arguments = arguments, .actor = actor.id, .created_at = now()};
  database.connections().write(actor, [&](Transaction& transaction) {
    const long long seq = transaction.next("jobs"), created_at = milliseconds_of(job.created_at);
    transaction.sql << "INSERT INTO jobs (seq, id, kind, arguments, actor, state, created_at)"
                       " VALUES (:seq, :id, :kind, :arguments, :actor, 'queued', :created_at)",
        soci::use(seq), soci::use(job.id), soci::use(job.kind), soci::use(job.arguments), soci::use(job.actor),
        soci::use(created_at);
    transaction.audit("job.add", job.id, {{"kind", kind}});
  });
  return job;
}

std::optional<Job> find_job(Database& database, const std::string& id) {
  return database.connections().read([&](soci::session& sql) { return find(sql, id); });
}

JobPage list_jobs(Database& database, std::size_t limit, const std::string& cursor) {
  const long long before = begin_of_page(cursor, "jobs");
  const auto wanted = static_cast<long long>(limit) + 1;
  return database.connections().read([&](soci::session& sql) {
    JobPage page;
    long long last = 0;
    const soci::rowset<soci::row> rows =
        (sql.prepare << columns << "WHERE j.seq < :before ORDER BY j.seq DESC LIMIT :n", soci::use(before),
         soci::use(wanted));
    for (const auto& row : rows) {
      if (page.jobs.size() == limit) {
        page.next = std::to_string(last);
        break;
      }
      page.jobs.push_back(job_of(row));
      last = row.get<long long>("seq");
    }
    return page;
  });
}

std::optional<Job> cancel_job(Database& database, const Actor& actor, const std::string& id) {
  return database.connections().write(actor, [&](Transaction& transaction) -> std::optional<Job> {
    soci::session& sql = transaction.sql;
    const auto job = find(sql, id);
    if (!job || (job->state != JobState::queued && job->state != JobState::running)) return std::nullopt;
    const long long at = milliseconds_of(now());
    if (job->state == JobState::queued)
      sql << "UPDATE jobs SET state = 'cancelled', ended_at = :at WHERE id = :id", soci::use(at), soci::use(id);
    else
      sql << "UPDATE jobs SET cancelling = 1 WHERE id = :id", soci::use(id);
    transaction.audit("job.cancel", id, nlohmann::json::object());
    return find(sql, id);
  });
}

std::optional<Job> claim_job(Database& database, const std::string& runner, std::chrono::milliseconds patience) {
  const long long at = milliseconds_of(now()), lost = at - patience.count();
  const auto waiting = database.connections().read([&](soci::session& sql) {
    long long count = 0;
    sql << "SELECT COUNT(*) FROM jobs WHERE state = 'queued' OR (state = 'running' AND seen_at < :lost)",
        soci::use(lost), soci::into(count);
    return count;
  });
  if (waiting == 0) return std::nullopt;  // nobody else is held up to find that out
  return database.connections().write({"local"}, [&](Transaction& transaction) -> std::optional<Job> {
    soci::session& sql = transaction.sql;
    long long running = 0;
    sql << "SELECT COUNT(*) FROM jobs WHERE state = 'running' AND seen_at >= :lost", soci::use(lost),
        soci::into(running);
    std::string id;
    sql << "SELECT id FROM jobs WHERE state = 'queued' OR (state = 'running' AND seen_at < :lost) ORDER BY seq LIMIT 1",
        soci::use(lost), soci::into(id);
    if (running > 0 || id.empty()) return std::nullopt;
    sql << "UPDATE jobs SET state = 'running', runner = :runner, seen_at = :at,"
           " started_at = COALESCE(started_at, :begin) WHERE id = :id",
        soci::use(runner), soci::use(at), soci::use(at), soci::use(id);
    return find(sql, id);
  });
}

JobReport report_job(Database& database, const std::string& id, const std::string& runner,
                     const std::string& progress) {
  const long long at = milliseconds_of(now());
  return database.connections().write({"local"}, [&](Transaction& transaction) {
    soci::session& sql = transaction.sql;
    sql << "UPDATE jobs SET seen_at = :at, progress = :progress WHERE id = :id AND runner = :runner AND"
           " state = 'running'",
        soci::use(at), soci::use(progress), soci::use(id), soci::use(runner);
    long long cancelling = 0;
    sql << "SELECT cancelling FROM jobs WHERE id = :id AND runner = :runner AND state = 'running'", soci::use(id),
        soci::use(runner), soci::into(cancelling);
    if (!sql.got_data()) return JobReport::lost;
    return cancelling != 0 ? JobReport::cancelled : JobReport::goes_on;
  });
}

void add_job_event(Database& database, const std::string& id, const std::string& text) {
  const long long at = milliseconds_of(now());
  database.connections().write({"local"}, [&](Transaction& transaction) {
    long long last = 0;
    transaction.sql << "SELECT COALESCE(MAX(number), 0) FROM job_events WHERE job = :id", soci::use(id),
        soci::into(last);
    const long long number = last + 1;
    transaction.sql << "INSERT INTO job_events (job, number, at, text) VALUES (:job, :number, :at, :text)",
        soci::use(id), soci::use(number), soci::use(at), soci::use(text);
  });
}

std::vector<JobEvent> job_events(Database& database, const std::string& id, std::int64_t after, std::size_t limit) {
  const long long behind = after;
  const auto most = static_cast<long long>(limit);
  return database.connections().read([&](soci::session& sql) {
    std::vector<JobEvent> events;
    const soci::rowset<soci::row> rows =
        (sql.prepare << "SELECT number, at, text FROM job_events WHERE job = :id AND number > :behind ORDER BY number"
                        " LIMIT :n",
         soci::use(id), soci::use(behind), soci::use(most));
    for (const auto& row : rows)
      events.push_back({.number = row.get<long long>("number"),
                        .at = time_of(row.get<long long>("at")),
                        .text = row.get<std::string>("text")});
    return events;
  });
}

void end_job(Database& database, const std::string& id, const std::string& runner, const JobEnd& end) {
  const long long at = milliseconds_of(now());
  const std::string state = name(end.state);
  soci::indicator ended = end.state == JobState::queued ? soci::i_null : soci::i_ok;
  database.connections().write({"local"}, [&](Transaction& transaction) {
    soci::session& sql = transaction.sql;
    long long ours = 0;
    sql << "SELECT COUNT(*) FROM jobs WHERE id = :id AND runner = :runner AND state = 'running'", soci::use(id),
        soci::use(runner), soci::into(ours);
    if (ours == 0) return;
    sql << "UPDATE jobs SET state = :state, ended_at = :at, result = :result, problem = :problem, runner = '',"
           " cancelling = 0 WHERE id = :id",
        soci::use(state), soci::use(at, ended), soci::use(end.result), soci::use(end.problem), soci::use(id);
    if (end.state != JobState::queued) transaction.audit("job.end", id, {{"state", state}});
  });
}

}  // namespace naevus::store
