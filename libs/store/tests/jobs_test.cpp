#include "naevus/store/jobs.hpp"

#include <thread>

#include "homes.hpp"
#include "naevus/base/error.hpp"
#include "naevus/store/audit.hpp"

namespace naevus::store {
namespace {

using namespace std::chrono_literals;

template <typename Home>
class Jobs : public Store<Home> {
 protected:
  Job asked(const std::string& kind = "clean") { return add_job(this->database, this->alice, kind, R"({"a":1})"); }
  std::string state(const Job& job) { return name(find_job(this->database, job.id).value().state); }
  std::string claimed(const std::string& runner, std::chrono::milliseconds patience = 60s) {
    const auto job = claim_job(this->database, runner, patience);
    return job ? job->id : "";
  }
};
TYPED_TEST_SUITE(Jobs, Homes);

TYPED_TEST(Jobs, RunOneAfterAnotherAndTheOldestFirst) {
  const Job first = this->asked(), second = this->asked("train");
  EXPECT_EQ(this->claimed("one"), first.id);
  EXPECT_EQ(this->claimed("two"), "");
  EXPECT_EQ(this->state(second), "queued");
  end_job(this->database, first.id, "one", {.state = JobState::done, .result = R"({"findings":3})"});
  EXPECT_EQ(this->claimed("two"), second.id);
  const auto done = find_job(this->database, first.id).value();
  EXPECT_EQ(done.result, R"({"findings":3})");
  EXPECT_TRUE(done.started_at && done.ended_at);
  EXPECT_EQ(done.actor, this->alice.id);
  end_job(this->database, second.id, "two", {.state = JobState::failed, .problem = "no pictures"});
  EXPECT_EQ(find_job(this->database, second.id)->problem, "no pictures");
  EXPECT_FALSE(verify_audit(this->database).broken);
}

TYPED_TEST(Jobs, OfARunnerThatIsGoneAreAnothersAndTheFirstOnesWordsAreNotHeardAnyMore) {
  const Job job = this->asked();
  EXPECT_EQ(this->claimed("gone"), job.id);
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(this->claimed("next", 10ms), job.id);
  EXPECT_EQ(report_job(this->database, job.id, "gone", "{}"), JobReport::lost);
  end_job(this->database, job.id, "gone", {.state = JobState::done});
  EXPECT_EQ(this->state(job), "running");
  EXPECT_EQ(report_job(this->database, job.id, "next", R"({"done":1})"), JobReport::goes_on);
  EXPECT_EQ(find_job(this->database, job.id)->progress, R"({"done":1})");
  end_job(this->database, job.id, "next", {.state = JobState::queued});
  EXPECT_EQ(this->state(job), "queued");
  EXPECT_FALSE(find_job(this->database, job.id)->ended_at);
}

TYPED_TEST(Jobs, ThatWaitAreCancelledAtOnceAndThoseThatRunAreAskedTo) {
  const Job running = this->asked(), waiting = this->asked();
  EXPECT_EQ(this->claimed("one"), running.id);
  EXPECT_EQ(cancel_job(this->database, this->alice, waiting.id)->state, JobState::cancelled);
  EXPECT_FALSE(cancel_job(this->database, this->alice, waiting.id)) << "it has ended";
  EXPECT_FALSE(cancel_job(this->database, this->alice, "none"));
  const auto asked = cancel_job(this->database, this->alice, running.id).value();
  EXPECT_TRUE(asked.cancelling);
  EXPECT_EQ(asked.state, JobState::running);
  EXPECT_EQ(report_job(this->database, running.id, "one", "{}"), JobReport::cancelled);
  end_job(this->database, running.id, "one", {.state = JobState::cancelled});
  EXPECT_EQ(this->state(running), "cancelled");
}

TYPED_TEST(Jobs, TellWhatHappenedInTheirOrder) {
  const Job job = this->asked();
  for (int i = 1; i <= 5; ++i) add_job_event(this->database, job.id, std::to_string(i));
  const auto events = job_events(this->database, job.id, 2, 2);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].number, 3);
  EXPECT_EQ(events[1].text, "4");
}

TYPED_TEST(Jobs, AreListedInPagesNewestFirst) {
  std::vector<std::string> all;
  for (int i = 0; i < 5; ++i) all.insert(all.begin(), this->asked().id);
  std::vector<std::string> found;
  std::string cursor;
  do {
    const auto page = list_jobs(this->database, 2, cursor);
    for (const auto& job : page.jobs) found.push_back(job.id);
    cursor = page.next;
  } while (!cursor.empty());
  EXPECT_EQ(found, all);
  EXPECT_THROW(list_jobs(this->database, 2, "-1"), InputError);
}

}  // namespace
}  // namespace naevus::store
