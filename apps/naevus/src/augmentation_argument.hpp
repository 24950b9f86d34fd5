#pragma once
#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "naevus/image/augment.hpp"

namespace naevus::app {

/// How training prepares and varies pictures, as a config's keys and the flags of `naevus train` say it.
struct AugmentationArgument {
  std::filesystem::path config;
  std::map<std::string, std::optional<std::string>> flags;  ///< key to value, where its flag was given

  struct Settings {
    image::Preparation preparation;
    image::Augmentation augmentation;
    std::uint64_t seed = 1;
  };
  /// The config's settings, flags before them.
  /// @throws IoError, InputError as read_config_values; UsageError naming the key that has another type or is out of
  ///         range
  Settings read() const;
};

/// --config, --seed, --size, --width, --height, --frame, and one flag for each of image::augmentation_keys().
void add_augmentation(CLI::App& sub, AugmentationArgument& argument);

}  // namespace naevus::app
