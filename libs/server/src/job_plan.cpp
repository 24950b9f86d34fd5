#include "job_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "json_body.hpp"
#include "naevus/base/error.hpp"

namespace naevus::server {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Field {
  std::string_view name;
  enum class Holds { file, text, flag, number } holds;
  bool needed = false;
};

constexpr std::array train_fields{Field{"manifest", Field::Holds::file, true}, Field{"config", Field::Holds::file},
                                  Field{"labels", Field::Holds::text}, Field{"name", Field::Holds::text}};
constexpr std::array clean_fields{Field{"manifest", Field::Holds::file, true}, Field{"against", Field::Holds::file},
                                  Field{"policy", Field::Holds::file}, Field{"with_model", Field::Holds::flag}};
constexpr std::array retrain_fields{Field{"manifest", Field::Holds::file, true},
                                    Field{"config", Field::Holds::file, true}, Field{"labels", Field::Holds::text},
                                    Field{"if_confirmed", Field::Holds::number}, Field{"promote", Field::Holds::flag}};

std::span<const Field> fields_of(const std::string& kind) {
  if (kind == "train") return train_fields;
  if (kind == "clean") return clean_fields;
  if (kind == "retrain") return retrain_fields;
  throw Refusal(400, "field", fmt::format("there are no jobs of the kind '{}'", kind),
                "there are train, clean and retrain");
}

/// The file of that name in the workspace; nothing where there is none, or it lies elsewhere.
std::optional<fs::path> file_in(const fs::path& workspace, const std::string& name) {
  std::error_code error;
  const fs::path root = fs::canonical(workspace, error);
  if (error) return std::nullopt;
  const fs::path file = fs::canonical(root / name, error);
  if (error || !fs::is_regular_file(file, error)) return std::nullopt;
  const auto [end, rest] = std::mismatch(root.begin(), root.end(), file.begin(), file.end());
  static_cast<void>(rest);
  return end == root.end() ? std::optional(file) : std::nullopt;
}

void check_value(const Field& field, const json& value, const fs::path& workspace) {
  const std::string name(field.name);
  if (field.holds == Field::Holds::flag && !value.is_boolean())
    throw Refusal(400, "field", fmt::format("the field `{}` is neither true nor false", name));
  if (field.holds == Field::Holds::number && (!value.is_number_unsigned() || value.get<std::uint64_t>() > 1'000'000))
    throw Refusal(400, "field", fmt::format("the field `{}` is no whole number up to 1,000,000", name));
  if (field.holds != Field::Holds::text && field.holds != Field::Holds::file) return;
  if (!value.is_string()) throw Refusal(400, "field", fmt::format("the field `{}` is no text", name));
  const auto text = value.get<std::string>();
  check_text(name, text, 1000);
  if (field.holds == Field::Holds::file) {
    if (!file_in(workspace, text))
      throw Refusal(400, "field", fmt::format("the field `{}` names no file of the workspace", name),
                    "GET /api/v1/workspace lists them");
  } else if (text.empty() || text.find_first_of("/\\") != std::string::npos || text.front() == '-' ||
             text.front() == '.') {
    throw Refusal(400, "field", fmt::format("the field `{}` is no name", name),
                  "a name has no slash, and neither a dot nor a dash in front");
  }
}

}  // namespace

json check_job(const json& asked, const fs::path& workspace) {
  if (workspace.empty())
    throw Refusal(409, "no-workspace", "this server was started without a workspace, the folder that jobs work in",
                  "start it with --workspace FOLDER, where manifests and recipes lie");
  const auto fields = fields_of(need_text(asked, "kind", 100));
  json arguments = json::object();
  for (const auto& [name, value] : asked.items()) {
    if (name == "kind") continue;
    const auto field = std::ranges::find(fields, std::string_view(name), &Field::name);
    if (field == fields.end()) {
      std::string known = "kind";
      for (const Field& each : fields) known += fmt::format(", {}", each.name);
      throw Refusal(400, "field", fmt::format("the field `{}` is not known", name), "there are " + known);
    }
    check_value(*field, value, workspace);
    arguments[name] = value;
  }
  for (const Field& field : fields)
    if (field.needed && !arguments.contains(field.name))
      throw Refusal(400, "field", fmt::format("the field `{}` is missing", field.name));
  return arguments;
}

fs::path folder_of_job(const store::Location& data, const std::string& id) {
  return data.folder / "jobs" / id;
}

jobs::Command command_of(const store::Job& job, const ServerOptions& options, const fs::path& served_model) {
  const json asked = json::parse(job.arguments);
  const fs::path folder = fs::absolute(folder_of_job(options.data, job.id));
  jobs::Command command{.program = jobs::sibling_program(job.kind == "train" ? "naevus-train" : "naevus"),
                        .environment = {{"NAEVUS_PROGRESS", "lines"}},
                        .in_background = true};
  auto& words = command.arguments;
  const auto file = [&](const char* field) {
    const auto found = file_in(options.workspace, asked.at(field).get<std::string>());
    if (!found) throw IoError("is no longer in the workspace", asked.at(field).get<std::string>());
    return found->string();
  };
  const auto add = [&](const char* flag, const std::string& value) { words.insert(words.end(), {flag, value}); };
  if (job.kind == "train") {
    if (asked.contains("config")) words.push_back(file("config"));
    add("--manifest", file("manifest"));
    add("--out", (folder / "run").string());
    words.insert(words.end(), {"--json", "--resume"});
    if (asked.contains("name")) add("--name", asked["name"]);
  } else if (job.kind == "clean") {
    words = {"clean", file("manifest"), "--output", (folder / "clean").string(), "--json"};
    for (const char* field : {"against", "policy"})
      if (asked.contains(field)) add(fmt::format("--{}", field).c_str(), file(field));
    if (asked.value("with_model", false)) add("--model", served_model.string());
  } else {
    words = {"retrain", file("manifest"), "--json"};
    add("--config", file("config"));
    add("--data", fs::absolute(options.data.folder).string());
    if (!options.data.url.empty()) add("--database", options.data.url);
    if (asked.contains("if_confirmed")) add("--if-confirmed", asked["if_confirmed"].dump());
    if (!asked.value("promote", true)) words.emplace_back("--no-promote");
  }
  if (asked.contains("labels")) add("--labels", asked["labels"]);
  return command;
}

std::optional<json> result_of(const std::string& kind, const std::string& output) {
  const auto last_line = [&] {
    const auto end = output.find_last_not_of('\n');
    const auto begin = output.rfind('\n', end);
    return output.substr(begin == std::string::npos ? 0 : begin + 1);
  };
  json result = json::parse(kind == "train" ? last_line() : output, nullptr, false);
  if (!result.is_object() || (kind == "train" && result.value("event", "") != "done")) return std::nullopt;
  for (const char* path : {"clean", "issues", "decisions", "report", "model", "event"}) result.erase(path);
  return result;
}

}  // namespace naevus::server
