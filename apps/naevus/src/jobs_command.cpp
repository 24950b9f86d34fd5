#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "commands.hpp"
#include "data_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/store/jobs.hpp"

namespace naevus::app {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  store::Location location;
  std::string id;
  std::size_t limit = 20;
  bool json = false;
};

Json parsed(const std::string& text) {
  return text.empty() ? Json() : Json::parse(text);
}

Json as_json(const store::Job& job) {
  const auto time = [](const std::optional<store::Time>& at) { return at ? Json(store::as_text(*at)) : Json(); };
  return {{"id", job.id},
          {"kind", job.kind},
          {"state", store::name(job.state)},
          {"arguments", parsed(job.arguments)},
          {"actor", job.actor},
          {"created_at", store::as_text(job.created_at)},
          {"started_at", time(job.started_at)},
          {"ended_at", time(job.ended_at)},
          {"progress", parsed(job.progress)},
          {"result", parsed(job.result)},
          {"problem", job.problem}};
}

void print_json(const Json& value) {
  fmt::print("{}\n", value.dump(2, ' ', false, Json::error_handler_t::replace));
}

/// "training from naevus-7 v1 3/10, 2 min 10 s left".
std::string progress_text(const store::Job& job) {
  const Json progress = parsed(job.progress);
  if (job.state != store::JobState::running || !progress.is_object()) return {};
  std::string text = progress.value("label", "");
  const auto done = progress.value("done", std::uint64_t{0}), total = progress.value("total", std::uint64_t{0});
  text += total > 0 ? fmt::format(" {}/{}", grouped(done), grouped(total)) : fmt::format(" {}", grouped(done));
  if (progress.contains("seconds_left"))
    text += fmt::format(", {} left", duration_text(progress["seconds_left"].get<double>()));
  return text;
}

store::Job job_of(store::Database& database, const std::string& id) {
  const auto job = store::find_job(database, id);
  if (!job) throw InputError("there is no such job", id, "naevus jobs list shows them");
  return *job;
}

void list(const Options& options) {
  store::Database database(options.location, {.create = false});
  const auto page = store::list_jobs(database, options.limit);
  if (options.json) {
    auto all = Json::array();
    for (const auto& job : page.jobs) all.push_back(as_json(job));
    return print_json(all);
  }
  if (page.jobs.empty())
    fmt::print(stderr, "no jobs: they are started over HTTP, POST /api/v1/jobs (naevus serve --workspace)\n");
  for (const auto& job : page.jobs)
    fmt::print("{}  {:<9}  {:<7}  {}  {}\n", job.id, job.cancelling ? "stopping" : store::name(job.state), job.kind,
               store::as_text(job.created_at), progress_text(job));
}

void show(const Options& options) {
  store::Database database(options.location, {.create = false});
  const auto job = job_of(database, options.id);
  if (options.json) return print_json(as_json(job));
  fmt::print("{} {}: {}\nasked for   {} by {}\narguments   {}\n", job.kind, job.id,
             job.cancelling ? "stopping" : store::name(job.state), store::as_text(job.created_at), job.actor,
             job.arguments);
  if (job.started_at) fmt::print("begun       {}\n", store::as_text(*job.started_at));
  if (job.ended_at) fmt::print("ended       {}\n", store::as_text(*job.ended_at));
  if (const auto progress = progress_text(job); !progress.empty()) fmt::print("progress    {}\n", progress);
  if (!job.problem.empty()) fmt::print("problem     {}\n", job.problem);
  if (!job.result.empty()) fmt::print("{}\n", parsed(job.result).dump(2));
}

void cancel(const Options& options) {
  store::Database database(options.location, {.create = false});
  const auto job = job_of(database, options.id);
  const auto cancelled = store::cancel_job(database, {"local"}, job.id);
  if (!cancelled) throw InputError("this job has ended", job.id);
  fmt::print("{}\n", cancelled->cancelling ? "it is asked to stop" : "it is cancelled");
}

}  // namespace

void add_jobs(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const jobs = root.add_subcommand("jobs", "See and cancel the detector's jobs: train, clean, retrain");
  jobs->require_subcommand(1);
  jobs->footer(
      "A server with --workspace does them one after another, in processes that give way to its answers.\n"
      "Examples:\n"
      "  naevus jobs list\n"
      "  naevus jobs cancel 0f9d3c5b7a1e4c2d8b6f0a9e1d2c3b4a");
  const auto part = [&](const char* name, const char* what, void (*run)(const Options&)) {
    CLI::App* const sub = jobs->add_subcommand(name, what);
    add_data_options(*sub, options->location);
    sub->final_callback([options, run] { run(*options); });
    return sub;
  };
  CLI::App* const all = part("list", "List the newest jobs", list);
  all->add_option("--limit", options->limit, "How many")->capture_default_str()->check(CLI::Range(1, 1000));
  all->add_flag("--json", options->json, "As JSON");
  CLI::App* const one = part("show", "Show what a job was asked, how far it is and what came of it", show);
  one->add_option("ID", options->id, "The job's id")->required();
  one->add_flag("--json", options->json, "As JSON");
  part("cancel", "Stop a job", cancel)->add_option("ID", options->id, "The job's id")->required();
}

}  // namespace naevus::app
