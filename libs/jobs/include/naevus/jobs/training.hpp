#pragma once
#include <filesystem>
#include <map>
#include <string>

namespace naevus::jobs {

/// A training that another command needs.
struct TrainingRun {
  std::filesystem::path config;                ///< TOML
  std::filesystem::path folder;                ///< of the run; a run that stands there goes on
  std::map<std::string, std::string> changed;  ///< keys of the config with other values
  std::string name;                            ///< on the line of progress, and in errors
};

/// Runs naevus-train to its end. All that it says goes to messages.txt in the folder.
/// @throws Cancelled; Error with its last complaint
void train_run(const TrainingRun& run);

}  // namespace naevus::jobs
