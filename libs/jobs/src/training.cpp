#include "naevus/jobs/training.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/jobs/flag.hpp"
#include "naevus/jobs/process.hpp"

namespace naevus::jobs {
namespace {

namespace fs = std::filesystem;

/// The last complaint among the messages of a training process.
std::string complaint(const fs::path& messages) {
  constexpr std::string_view mark = "naevus train: ";
  const std::string text = read_text(messages);
  const auto begin = text.rfind(mark);
  return begin == text.npos ? "" : text.substr(begin + mark.size(), text.find('\n', begin) - begin - mark.size());
}

}  // namespace

void train_run(const TrainingRun& run) {
  Command command{.program = sibling_program("naevus-train"),
                  .arguments = {run.config.string(), "--json", "--resume", "--out", run.folder.string()}};
  for (const auto& [key, value] : run.changed) command.arguments.insert(command.arguments.end(), {flag_of(key), value});
  make_folder(run.folder);
  command.error_file = run.folder / "messages.txt";
  std::optional<Progress> progress;
  const auto outcome = jobs::run(command, [&](const std::string& line) {
    const auto event = nlohmann::json::parse(line, nullptr, false);
    if (event.is_discarded() || event.value("event", "") == "done") return;
    if (!progress) progress.emplace(run.name, event.value("epochs", 0U), " epochs/s");
    tell_event(line);
    if (event.value("event", "") == "epoch") progress->advance();
  });
  if (outcome.cancelled || outcome.exit_code == 130) {
    fmt::print(stderr, "stopped; the same command goes on with it\n");
    throw Cancelled();
  }
  if (outcome.exit_code != 0) {
    const std::string why = complaint(command.error_file);
    throw Error(
        fmt::format("{} failed: {}", run.name, why.empty() ? fmt::format("exit code {}", outcome.exit_code) : why), "",
        fmt::format("all that it said: {}", command.error_file.string()));
  }
}

}  // namespace naevus::jobs
