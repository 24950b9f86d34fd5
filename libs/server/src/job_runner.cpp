#include "job_runner.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <deque>
#include <nlohmann/json.hpp>

#include "job_plan.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/log.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/registry/add_model.hpp"

namespace naevus::server {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto between_looks = 2s;
constexpr auto patience = 30s;  ///< with a runner that is not heard of
constexpr std::size_t most_output = std::size_t{4} << 20;
constexpr std::size_t most_last_lines = 8;
constexpr std::size_t most_messages = 500;

std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// What a program said, as a database can keep it.
std::string readable(std::string text) {
  std::erase(text, '\0');
  return json::parse(text_of(json(std::move(text)))).get<std::string>();
}

json json_of(const ProgressState& state) {
  json progress{{"label", state.label}, {"done", state.done}, {"total", state.total}};
  if (state.seconds_left) progress["seconds_left"] = *state.seconds_left;
  if (!state.note.empty()) progress["note"] = state.note;
  return progress;
}

}  // namespace

/// A job under way: its process is watched by one thread, and reported by another.
struct JobRunner::Doing {
  explicit Doing(std::string id_in) : id(std::move(id_in)) {}

  std::string id;
  StopToken stop;
  std::mutex mutex;  ///< for what follows
  std::condition_variable news;
  std::string progress;
  std::deque<std::string> events;  ///< not yet in the database
  bool over = false, lost = false, cancelled = false;

  std::string output;                  ///< of the thread that runs it
  std::deque<std::string> last_lines;  ///< that it said on standard error
  std::size_t messages = 0;

  void tell(const json& event) {
    const std::lock_guard lock(mutex);
    events.push_back(text_of(event));
  }
  void hear_error(const std::string& line) {
    if (const auto state = read_progress(line)) {
      const std::lock_guard lock(mutex);
      progress = text_of(json_of(*state));
    } else if (const auto said = read_event(line)) {
      const json event = json::parse(*said, nullptr, false);
      if (event.is_object()) tell(event);
    } else if (!line.empty()) {
      last_lines.push_back(readable(line));
      if (last_lines.size() > most_last_lines) last_lines.pop_front();
      if (++messages <= most_messages) tell({{"event", "message"}, {"text", last_lines.back()}});
    }
  }
  void hear_output(const std::string& line, bool events_too) {
    if (output.size() + line.size() < most_output) output += line + "\n";
    const json event = events_too ? json::parse(line, nullptr, false) : json();
    if (event.is_object() && event.value("event", "") != "done") tell(event);
  }
};

JobRunner::JobRunner(const ServerOptions& options, store::Database& database, const store::ModelFolder& files,
                     const ServedModels& models)
    : options_(options), database_(database), files_(files), models_(models) {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  name_ = fmt::format("{}:{}:{:x}", host.data(), getpid(), now);
}

JobRunner::~JobRunner() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  news_.notify_all();
}

void JobRunner::start() {
  thread_ = std::jthread([this] { run(); });
}

void JobRunner::look() {
  {
    const std::lock_guard lock(mutex_);
    look_ = true;
  }
  news_.notify_all();
}

void JobRunner::run() {
  std::string trouble;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      news_.wait_for(lock, between_looks, [&] { return ending_ || look_; });
      if (ending_) return;
      look_ = false;
    }
    try {
      if (const auto job = store::claim_job(database_, name_, patience)) work(*job);
      trouble.clear();
    } catch (const std::exception& error) {
      if (trouble != error.what()) log::warning(fmt::format("jobs are not done: {}", error.what()));
      trouble = error.what();
    }
  }
}

/// Tells the database how the job is getting on, and the job whether it is to stop.
void JobRunner::watch(Doing& doing) {
  for (bool last = false; !last;) {
    std::deque<std::string> events;
    std::string progress;
    {
      std::unique_lock lock(doing.mutex);
      doing.news.wait_for(lock, 1s, [&] { return doing.over; });
      last = doing.over;
      events.swap(doing.events);
      progress = doing.progress;
    }
    {
      const std::lock_guard lock(mutex_);
      if (ending_) doing.stop.request();
    }
    try {
      for (; !events.empty(); events.pop_front()) store::add_job_event(database_, doing.id, events.front());
      const auto report = store::report_job(database_, doing.id, name_, progress);
      if (report == store::JobReport::goes_on) continue;
      const std::lock_guard lock(doing.mutex);
      (report == store::JobReport::cancelled ? doing.cancelled : doing.lost) = true;
      doing.stop.request();
    } catch (const std::exception& error) {
      log::warning(fmt::format("job {}: how far it is can't be kept: {}", doing.id, error.what()));
      const std::lock_guard lock(doing.mutex);
      doing.events.insert(doing.events.begin(), events.begin(), events.end());
      if (last) std::this_thread::sleep_for(1s);
    }
  }
}

std::string JobRunner::enter_model(const store::Job& job) const {
  const auto file = folder_of_job(options_.data, job.id) / "run" / "model.onnx";
  return registry::add_model(database_, files_, {job.actor}, file).sha256;
}

store::JobEnd JobRunner::end_of(const store::Job& job, Doing& doing, int exit_code) const {
  {
    const std::lock_guard lock(doing.mutex);
    if (doing.cancelled) return {.state = store::JobState::cancelled};
  }
  if (doing.stop.requested()) return {.state = store::JobState::queued};  // the server ends; another goes on with it
  auto result = exit_code <= 1 ? result_of(job.kind, doing.output) : std::nullopt;
  // With --if-confirmed, nothing may be due.
  if (!result && exit_code == 0 && job.kind == "retrain") result = json{{"promoted", false}, {"nothing_to_do", true}};
  if (!result) {
    std::string problem;
    for (const auto& line : doing.last_lines) problem += (problem.empty() ? "" : "\n") + line;
    if (problem.empty()) problem = fmt::format("it ended with code {} and said nothing", exit_code);
    return {.state = store::JobState::failed, .problem = problem};
  }
  if (job.kind == "train") (*result)["model"] = enter_model(job);
  return {.state = store::JobState::done, .result = text_of(*result)};
}

void JobRunner::work(const store::Job& job) {
  log::info(fmt::format("job {}: {}", job.id, job.kind));
  Doing doing(job.id);
  doing.tell({{"event", "begun"}});
  store::JobEnd end;
  {
    std::jthread watcher([&] { watch(doing); });
    try {
      make_folder(folder_of_job(options_.data, job.id));
      auto command = command_of(job, options_, files_.file(models_.current()->entry.sha256));
      command.on_error_line = [&](const std::string& line) { doing.hear_error(line); };
      const auto outcome = jobs::run(
          command, [&](const std::string& line) { doing.hear_output(line, job.kind == "train"); }, doing.stop);
      end = end_of(job, doing, outcome.exit_code);
    } catch (const std::exception& error) {
      end = {.state = store::JobState::failed, .problem = readable(error.what())};
    }
    const std::lock_guard lock(doing.mutex);
    doing.over = true;
    doing.news.notify_all();
  }
  if (doing.lost) return log::warning(fmt::format("job {} is another server's by now", job.id));
  store::end_job(database_, job.id, name_, end);
  log::info(
      fmt::format("job {}: {}{}{}", job.id, store::name(end.state), end.problem.empty() ? "" : ": ", end.problem));
}

}  // namespace naevus::server
