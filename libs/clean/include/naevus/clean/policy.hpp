#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "naevus/clean/finding.hpp"

namespace naevus::clean {

/// Which kinds act by themselves, and from which score on a picture is found at all.
struct Policy {
  std::map<std::string, Action> actions;  ///< of kinds that differ from Kind::standard
  std::map<std::string, double> limits;   ///< fixed limits by kind, instead of the ones that come along

  Action action(const std::string& kind) const;
};

/// Reads a TOML file with the tables [actions] (kind = "report" or "drop") and [limits] (kind = number); both may be
/// missing.
/// @throws IoError; InputError or UsageError naming the line and what is possible
Policy read_policy(const std::filesystem::path& path);

/// The standard policy as a TOML file to begin with: every kind with its meaning.
std::string policy_template();

}  // namespace naevus::clean
