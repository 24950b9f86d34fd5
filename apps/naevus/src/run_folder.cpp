#include "run_folder.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>

#include "naevus/base/csv.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/log.hpp"

namespace naevus::app {
namespace {

namespace fs = std::filesystem;

void collect(const toml::table& table, const std::string& prefix, std::map<std::string, std::string>& values) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (const auto* inner = node.as_table()) {
      collect(*inner, name + ".", values);
    } else if (const auto* text = node.as_string()) {
      values[name] = text->get();
    } else if (const auto* real = node.as_floating_point()) {
      values[name] = fmt::format("{}", real->get());
    } else {
      std::ostringstream other;
      node.visit([&](const auto& value) { other << value; });
      values[name] = other.str();
    }
  }
}

double number(const CsvTable& table, const std::vector<std::string>& row, const char* column, const fs::path& path) {
  const auto index = table.column(column);
  const std::string text = index && *index < row.size() ? row[*index] : std::string();
  double value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc())
    throw InputError(fmt::format("no number in the column {}", column), path.string());
  return value;
}

void read_history(const fs::path& path, RunFolder& run) {
  const CsvTable table = read_csv(path);
  for (const auto& row : table.rows) {
    RunFolder::Best here{static_cast<int>(number(table, row, "epoch", path)),
                         number(table, row, "validation_balanced_accuracy", path),
                         number(table, row, "validation_macro_auc", path)};
    run.epochs_done = here.epoch;
    if (!run.best || std::pair(here.balanced_accuracy, here.macro_auc) >
                         std::pair(run.best->balanced_accuracy, run.best->macro_auc)) {
      run.best = here;
    }
  }
}

}  // namespace

std::map<std::string, std::string> read_config_values(const fs::path& path) {
  std::map<std::string, std::string> values;
  try {
    collect(toml::parse(read_text(path), path.string()), "", values);
  } catch (const toml::parse_error& error) {
    throw InputError(std::string(error.description()), fmt::format("{}:{}", path.string(), error.source().begin.line));
  }
  return values;
}

RunFolder read_run(const fs::path& folder) {
  RunFolder run{.path = folder, .config = read_config_values(folder / "config.toml")};
  if (const auto found = run.config.find("epochs"); found != run.config.end()) {
    const std::string& text = found->second;
    if (std::from_chars(text.data(), text.data() + text.size(), run.epochs).ec != std::errc())
      throw InputError(fmt::format("epochs is {}, which is no number", text), (folder / "config.toml").string());
  }
  if (fs::exists(folder / "history.csv")) read_history(folder / "history.csv", run);
  run.finished = fs::exists(folder / "model.onnx");
  return run;
}

std::vector<RunFolder> find_runs(const fs::path& folder) {
  if (!fs::is_directory(folder))
    throw IoError("no such folder", folder.string(), "name the folder that your runs are in");
  std::vector<fs::path> folders{folder};
  for (const auto& entry : fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied)) {
    if (entry.is_directory()) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  std::vector<RunFolder> runs;
  for (const auto& path : folders) {
    if (!fs::exists(path / "config.toml")) continue;
    try {
      runs.push_back(read_run(path));
    } catch (const Error& error) {
      log::warning(fmt::format("passed over: {}", error.what()));
    }
  }
  return runs;
}

}  // namespace naevus::app
