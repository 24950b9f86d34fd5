#include <fmt/format.h>

#include <charconv>
#include <list>
#include <mutex>

#include "context.hpp"
#include "job_plan.hpp"
#include "json_body.hpp"
#include "naevus/base/file.hpp"
#include "naevus/clean/review_desk.hpp"
#include "query.hpp"

namespace naevus::server {
namespace {

using clean::ReviewDesk;
using nlohmann::json;

/// A reviewer's desk, for one request at a time.
struct Desk {
  Desk(const clean::Workspace& workspace, const std::string& reviewer)
      : desk(workspace, reviewer, {}, ReviewDesk::With::answered) {}

  std::mutex mutex;
  ReviewDesk desk;
};

/// The desks that were used last: one takes seconds to set up where there are many pictures.
class Desks {
 public:
  std::shared_ptr<Desk> at(const std::string& job, const clean::Workspace& workspace, const std::string& reviewer) {
    const std::lock_guard lock(mutex_);
    for (auto it = desks_.begin(); it != desks_.end(); ++it)
      if (it->job == job && it->reviewer == reviewer) {
        desks_.splice(desks_.begin(), desks_, it);
        return it->desk;
      }
    desks_.push_front({job, reviewer, std::make_shared<Desk>(workspace, reviewer)});
    if (desks_.size() > most) desks_.pop_back();
    return desks_.front().desk;
  }

 private:
  static constexpr std::size_t most = 8;
  struct Entry {
    std::string job, reviewer;
    std::shared_ptr<Desk> desk;
  };
  std::mutex mutex_;
  std::list<Entry> desks_;
};

clean::Workspace cleaning_of(Context& context, const store::Job& job) {
  if (job.kind != "clean" || job.state != store::JobState::done)
    throw Refusal(404, "no-findings", "this job has no findings", "a job of the kind clean has, when it is done");
  return clean::Workspace(folder_of_job(context.options.data, job.id) / "clean");
}

std::size_t number_of(const std::string& text, const std::string& what) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw Refusal(400, "parameter", fmt::format("{} is no number of a finding", what));
  return number;
}

[[noreturn]] void no_finding(const InputError& error) {
  throw Refusal(404, "no-finding", error.problem(), "GET /api/v1/jobs/{id}/findings lists them");
}

/// A finding as a client is to see it: where the workspace lies on this machine is not for all.
json shown(json finding, const Context& context) {
  std::error_code error;
  const std::string root = std::filesystem::canonical(context.options.workspace, error).string() + "/";
  for (json& image : finding["images"])
    if (const auto name = image["name"].get<std::string>(); name.starts_with(root))
      image["name"] = name.substr(root.size());
  return finding;
}

void list(Context& context, const Call& call, ReviewDesk& desk) {
  std::size_t limit = 50;
  std::string kind;
  std::optional<std::size_t> after;
  for (const auto& [name, value] : call.head().query) {
    if (name == "limit")
      limit = limit_of(value);
    else if (name == "kind")
      kind = value;
    else if (name == "after")
      after = number_of(value, "`after`");
    else
      refuse_parameter(name, "limit, kind and after");
  }
  json page = desk.list(after, kind, limit + 1);
  const bool more = page.size() > limit;
  if (more) page.erase(page.size() - 1);
  const json session = desk.session();
  const json next = more ? page.back()["finding"] : json();
  for (json& finding : page) finding = shown(std::move(finding), context);
  call.exchange->reply(json_response({{"labels", session["labels"]},
                                      {"kinds", session["kinds"]},
                                      {"progress", desk.progress()},
                                      {"next", next},
                                      {"findings", std::move(page)}}));
}

void picture(Context&, const Call& call, ReviewDesk& desk) {
  constexpr int small = 480, large = 1600;
  auto which = ReviewDesk::Which::first;
  int side = small;
  for (const auto& [name, value] : call.head().query) {
    if (name == "which" && (value == "first" || value == "second" || value == "second_as_it_is"))
      which = value == "first"    ? ReviewDesk::Which::first
              : value == "second" ? ReviewDesk::Which::second
                                  : ReviewDesk::Which::second_as_it_is;
    else if (name == "size" && (value == "small" || value == "large"))
      side = value == "large" ? large : small;
    else
      refuse_parameter(name, "which (first, second or second_as_it_is) and size (small or large)");
  }
  try {
    call.exchange->reply({.content_type = "image/jpeg",
                          .body = desk.picture(number_of(call.names[1], "what stands in the address"), which, side)});
  } catch (const IoError& error) {
    throw Refusal(404, "no-picture", "the picture is no longer where the manifest says", error.advice());
  } catch (const InputError& error) {
    no_finding(error);
  }
}

void answer(Context& context, const Call& call, ReviewDesk& desk) {
  json said = read_json(call.exchange->body);
  check_names(said, {"choice", "label"});
  said["finding"] = number_of(call.names[1], "what stands in the address");
  try {
    static_cast<void>(desk.finding(said["finding"], ""));
  } catch (const InputError& error) {
    no_finding(error);
  }
  desk.answer(said);
  call.exchange->reply(
      json_response({{"finding", shown(desk.finding(said["finding"], ""), context)}, {"progress", desk.progress()}}));
}

void reply_with_manifest(const Call& call, const std::filesystem::path& file) {
  call.exchange->reply(
      {.content_type = "text/csv; charset=utf-8",
       .body = read_text(file),
       .fields = {{"Content-Disposition", fmt::format("attachment; filename=\"{}\"", file.filename().string())}}});
}

/// The manifest as it was before the cleaning.
void original(Context& context, const Call& call) {
  reply_with_manifest(call, cleaning_of(context, job_asked_for(context, call)).original());
}

/// The manifest after what the policy and the reviewers decided so far.
void settled(Context& context, const Call& call) {
  const auto workspace = cleaning_of(context, job_asked_for(context, call));
  clean::settle(workspace);
  reply_with_manifest(call, workspace.clean());
}

}  // namespace

void add_finding_routes(Router& router, Context& context) {
  const auto desks = std::make_shared<Desks>();
  const auto route = [&](const char* method, const char* pattern, void (*part)(Context&, const Call&, ReviewDesk&),
                         std::uint64_t body_limit = 0) {
    router.add({.method = method,
                .pattern = pattern,
                .role = store::Role::reviewer,
                .body_limit = body_limit,
                .handle = [&context, desks, part](const Call& call) {
                  answered_later(context, call, [&context, desks, part](const Call& then) {
                    const auto job = job_asked_for(context, then);
                    const auto desk = desks->at(job.id, cleaning_of(context, job), then.actor.id);
                    const std::lock_guard lock(desk->mutex);
                    part(context, then, desk->desk);
                  });
                }});
  };
  route("GET", "/api/v1/jobs/{id}/findings", list);
  route("GET", "/api/v1/jobs/{id}/findings/{number}/picture", picture);
  route("PUT", "/api/v1/jobs/{id}/findings/{number}/answer", answer, 4 << 10);
  const auto manifest = [&](const char* pattern, void (*part)(Context&, const Call&)) {
    router.add({.method = "GET", .pattern = pattern, .role = store::Role::reviewer, .handle = later(context, part)});
  };
  manifest("/api/v1/jobs/{id}/original.csv", original);
  manifest("/api/v1/jobs/{id}/clean.csv", settled);
}

}  // namespace naevus::server
