#pragma once
#include <CLI/CLI.hpp>
#include <map>
#include <string>

#include "naevus/image/prepare.hpp"

namespace naevus::app {

/// Steps of a preparation as flags say them: image::Step's name to its value.
using StepValues = std::map<std::string, std::string>;

/// One flag a step of image::steps(): --denoise, --colour-constancy ...
void add_steps(CLI::App& sub, StepValues& given);

/// Sets what was given. @throws UsageError as image::set_step
void set_steps(image::Preparation& preparation, const StepValues& given);

}  // namespace naevus::app
