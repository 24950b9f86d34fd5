#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace naevus::app {

/// What a folder written by naevus-train says of its run.
struct RunFolder {
  std::filesystem::path path;
  std::map<std::string, std::string> config;  ///< key to value as text; keys of tables as "augmentation.flip"
  int epochs_done = 0, epochs = 0;
  bool finished = false;  ///< it has a model file
  struct Best {
    int epoch = 0;
    double balanced_accuracy = 0, macro_auc = 0;
  };
  std::optional<Best> best;  ///< by balanced accuracy, then macro AUC, on the validation part
};

/// Keys and values of a TOML config, as text.
/// @throws IoError; InputError naming the line
std::map<std::string, std::string> read_config_values(const std::filesystem::path& path);

/// @throws IoError; InputError if its config or history is damaged
RunFolder read_run(const std::filesystem::path& folder);

/// Runs in the folder and below it, by path. Folders that can't be read are passed over.
std::vector<RunFolder> find_runs(const std::filesystem::path& folder);

}  // namespace naevus::app
