#include <fmt/format.h>

#include <charconv>
#include <map>

#include "context.hpp"
#include "job_plan.hpp"
#include "json_body.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/log.hpp"
#include "naevus/store/jobs.hpp"
#include "query.hpp"

namespace naevus::server {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

Json json_of(const store::Job& job) {
  const auto time = [](const std::optional<store::Time>& at) { return at ? Json(store::as_text(*at)) : Json(); };
  const auto object = [](const std::string& text) { return text.empty() ? Json() : Json::parse(text); };
  return {{"id", job.id},
          {"kind", job.kind},
          {"arguments", object(job.arguments)},
          {"actor", job.actor},
          {"state", store::name(job.state)},
          {"cancelling", job.cancelling},
          {"created_at", store::as_text(job.created_at)},
          {"started_at", time(job.started_at)},
          {"ended_at", time(job.ended_at)},
          {"progress", object(job.progress)},
          {"result", object(job.result)},
          {"problem", job.problem.empty() ? Json() : Json(job.problem)}};
}

void add(Context& context, const Call& call) {
  const auto asked = read_json(call.exchange->body);
  const auto arguments = check_job(asked, context.options.workspace);
  const auto job = store::add_job(context.database, call.actor, asked["kind"], arguments.dump());
  context.jobs.look();
  Response response = json_response(json_of(job), 201);
  response.fields = {{"Location", "/api/v1/jobs/" + job.id}};
  call.exchange->reply(response);
}

void list(Context& context, const Call& call) {
  const auto asked = page_of(call.head());
  const auto page = store::list_jobs(context.database, asked.limit, asked.cursor);
  Json answer{{"jobs", Json::array()}, {"next", page.next.empty() ? Json() : Json(page.next)}};
  for (const auto& job : page.jobs) answer["jobs"].push_back(json_of(job));
  call.exchange->reply(json_response(answer));
}

void show(Context& context, const Call& call) {
  call.exchange->reply(json_response(json_of(job_asked_for(context, call))));
}

void cancel(Context& context, const Call& call) {
  const auto job = job_asked_for(context, call);
  const auto cancelled = store::cancel_job(context.database, call.actor, job.id);
  if (!cancelled) throw Refusal(409, "job-ended", "this job has ended", "what it wrote stays");
  call.exchange->reply(json_response(json_of(*cancelled)));
}

/// What one client has been told of a job so far.
class JobNews {
 public:
  JobNews(Context& context, std::string id, std::int64_t after)
      : context_(context), id_(std::move(id)), after_(after) {}

  News next() {
    const auto job = store::find_job(context_.database, id_);
    if (!job) return {.last = true};
    const bool ended = job->state != store::JobState::queued && job->state != store::JobState::running;
    News news;
    const auto events = store::job_events(context_.database, id_, after_, most);
    for (const auto& event : events) {
      Json said = Json::parse(event.text);
      said["at"] = store::as_text(event.at);
      news.text += fmt::format("id: {}\nevent: happened\ndata: {}\n\n", event.number, said.dump());
      after_ = event.number;
    }
    news.last = ended && events.size() < most;
    if (std::string now = json_of(*job).dump(); now != told_ && (news.last || !ended)) {
      news.text += fmt::format("event: job\ndata: {}\n\n", now);
      told_ = std::move(now);
    }
    return news;
  }

 private:
  static constexpr std::size_t most = 200;
  Context& context_;
  std::string id_, told_;
  std::int64_t after_;
};

/// Where a client that was cut off goes on.
std::int64_t after_of(const Head& head) {
  std::string text = find(head.fields, "last-event-id").value_or("0");
  for (const auto& [name, value] : head.query) {
    if (name != "after") refuse_parameter(name, "after");
    text = value;
  }
  std::int64_t after = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), after);
  if (error != std::errc() || end != text.data() + text.size() || after < 0)
    throw Refusal(400, "parameter", "the last event's number is none", "leave it out to be told all");
  return after;
}

void follow(Context& context, const Call& call) {
  const auto news = std::make_shared<JobNews>(context, job_asked_for(context, call).id, after_of(call.head()));
  Response response{.content_type = "text/event-stream"};
  response.news = [&context, news, request = call.head().id](const std::function<void(News)>& told) {
    context.tasks.post([news, told, request] {
      News next;
      try {
        next = news->next();
      } catch (const std::exception& error) {  // it is asked again soon
        log::warning(fmt::format("{}: a job's events can't be read: {}", request, error.what()));
      }
      told(std::move(next));
    });
  };
  call.exchange->reply(std::move(response));
}

/// Manifests and recipes that a job can be given.
void list_workspace(Context& context, const Call& call) {
  constexpr std::size_t most = 1000;
  std::map<std::string, std::uintmax_t> found;  // by name
  std::error_code error;
  const fs::path& root = context.options.workspace;
  fs::recursive_directory_iterator it(root, fs::directory_options::skip_permission_denied, error);
  for (; !error && it != fs::recursive_directory_iterator() && found.size() < most; it.increment(error)) {
    const auto extension = it->path().extension();
    std::error_code gone;
    if ((extension == ".csv" || extension == ".toml") && it->is_regular_file(gone))
      found[it->path().lexically_relative(root).generic_string()] = it->file_size(gone);
  }
  Json files = Json::array();
  for (const auto& [name, bytes] : found) files.push_back({{"name", name}, {"bytes", bytes}});
  call.exchange->reply(json_response({{"workspace", !root.empty()}, {"files", std::move(files)}}));
}

fs::path report_of(const Context& context, const store::Job& job) {
  const fs::path folder = folder_of_job(context.options.data, job.id);
  if (job.kind == "clean") return folder / "clean" / "report.html";
  if (job.kind == "train") return folder / "run" / "report.html";
  const auto result = Json::parse(job.result, nullptr, false);
  if (!result.is_object() || !result.contains("candidate")) return {};
  return context.options.data.folder / "retrain" /
         fmt::format("{}-v{}.html", result["candidate"]["name"].get<std::string>(),
                     result["candidate"]["version"].get<std::string>());
}

void report(Context& context, const Call& call) {
  const auto job = job_asked_for(context, call);
  const fs::path file = report_of(context, job);
  std::error_code error;
  if (job.state != store::JobState::done || !fs::exists(file, error))
    throw Refusal(404, "no-report", "this job has no report", "a job has one when it is done");
  // Our page may show it in a frame, which takes the page's embedder policy too.
  call.exchange->reply({.content_type = "text/html; charset=utf-8",
                        .body = read_text(file),
                        .fields = {{"Content-Security-Policy",
                                    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
                                    "form-action 'none'; frame-ancestors 'self'; sandbox"},
                                   {"Cross-Origin-Embedder-Policy", "require-corp"}}});
}

}  // namespace

store::Job job_asked_for(Context& context, const Call& call) {
  const auto job = store::find_job(context.database, call.names.at(0));
  if (!job) throw Refusal(404, "no-job", "there is no job of that id", "GET /api/v1/jobs lists them");
  return *job;
}

void add_job_routes(Router& router, Context& context) {
  const auto route = [&](const char* method, const char* pattern, store::Role role, auto part,
                         std::uint64_t body_limit = 0) {
    router.add(
        {.method = method, .pattern = pattern, .role = role, .body_limit = body_limit, .handle = later(context, part)});
  };
  constexpr std::uint64_t words = 16 << 10;
  route("POST", "/api/v1/jobs", store::Role::admin, add, words);
  route("GET", "/api/v1/jobs", store::Role::reviewer, list);
  route("GET", "/api/v1/jobs/{id}", store::Role::reviewer, show);
  route("DELETE", "/api/v1/jobs/{id}", store::Role::admin, cancel);
  route("GET", "/api/v1/jobs/{id}/events", store::Role::reviewer, follow);
  route("GET", "/api/v1/jobs/{id}/report", store::Role::reviewer, report);
  route("GET", "/api/v1/workspace", store::Role::admin, list_workspace);
}

}  // namespace naevus::server
