#pragma once
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "naevus/jobs/process.hpp"
#include "naevus/server/server.hpp"
#include "naevus/store/jobs.hpp"

namespace naevus::server {

/// Checks what is asked of a job: its kind, its fields, and that its files lie in the workspace.
/// @param asked  {"kind": …} and the kind's own fields
/// @return the arguments to keep: `asked` without the kind
/// @throws Refusal 400; 409 where the server has no workspace
nlohmann::json check_job(const nlohmann::json& asked, const std::filesystem::path& workspace);

/// A job's own folder, for what it writes.
std::filesystem::path folder_of_job(const store::Location& data, const std::string& id);

/// The command that does it; it writes into the job's folder alone, and goes on with what it finds there.
/// @param served_model  the file of the model that answers
/// @throws IoError where a file has gone from the workspace since
jobs::Command command_of(const store::Job& job, const ServerOptions& options,
                         const std::filesystem::path& served_model);

/// What a job's output tells of its result; nothing where it did not come to one.
std::optional<nlohmann::json> result_of(const std::string& kind, const std::string& output);

}  // namespace naevus::server
