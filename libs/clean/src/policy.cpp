#include "naevus/clean/policy.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/clean/limits.hpp"

namespace naevus::clean {
namespace {

namespace fs = std::filesystem;

std::string place(const fs::path& path, const toml::node& node) {
  return fmt::format("{}:{}", path.string(), node.source().begin.line);
}

const toml::table& table_of(const toml::node& node, const fs::path& path, std::string_view name) {
  const toml::table* table = node.as_table();
  if (table == nullptr) throw InputError(fmt::format("'{}' must be a table", name), place(path, node));
  return *table;
}

void read_actions(const toml::table& table, const fs::path& path, Policy& policy) {
  for (const auto& [key, node] : table) {
    const Kind& kind = kind_of(std::string(key.str()), place(path, node));
    const auto word = node.value<std::string>();
    if (!word || (*word != "report" && *word != "drop"))
      throw InputError(fmt::format("the action of '{}' is not understood", kind.name), place(path, node),
                       "write \"report\" or \"drop\"");
    policy.actions[kind.name] = *word == "drop" ? Action::drop : Action::report;
  }
}

void read_limits(const toml::table& table, const fs::path& path, Policy& policy) {
  for (const auto& [key, node] : table) {
    const Kind& kind = kind_of(std::string(key.str()), place(path, node));
    const auto number = node.value<double>();
    if (!has_limit(kind.name)) throw InputError(fmt::format("'{}' has no limit", kind.name), place(path, node));
    if (!number) throw InputError(fmt::format("the limit of '{}' must be a number", kind.name), place(path, node));
    policy.limits[kind.name] = *number;
  }
}

}  // namespace

Action Policy::action(const std::string& kind) const {
  const auto found = actions.find(kind);
  return found == actions.end() ? kind_of(kind).standard : found->second;
}

Policy read_policy(const fs::path& path) {
  Policy policy;
  try {
    const toml::table file = toml::parse(read_text(path, 1 << 20), path.string());
    for (const auto& [key, node] : file) {
      if (key == "actions") {
        read_actions(table_of(node, path, "actions"), path, policy);
      } else if (key == "limits") {
        read_limits(table_of(node, path, "limits"), path, policy);
      } else {
        throw InputError(fmt::format("there is no table '{}'", key.str()), place(path, node),
                         "a policy has [actions] and [limits]: naevus clean --policy-template");
      }
    }
  } catch (const toml::parse_error& error) {
    throw InputError(fmt::format("is no TOML: {}", error.description()),
                     fmt::format("{}:{}", path.string(), error.source().begin.line));
  }
  return policy;
}

std::string policy_template() {
  std::string text =
      "# What naevus clean does by itself. \"report\": shown, nothing is done. \"drop\": left out of clean.csv.\n"
      "# No picture is ever changed or deleted, and every decision can be undone: naevus clean undo\n\n[actions]\n";
  for (const Kind& kind : kinds())
    text +=
        fmt::format("# {}\n{} = \"{}\"\n", kind.meaning, kind.name, kind.standard == Action::drop ? "drop" : "report");
  text +=
      "\n# From which score on a picture is found. A line replaces the limit that fits itself to the set.\n[limits]\n";
  for (const Limit& limit : limits()) text += fmt::format("# {}\n# {} = {}\n", limit.meaning, limit.kind, limit.fixed);
  return text;
}

}  // namespace naevus::clean
