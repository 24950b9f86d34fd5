#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace naevus::app {

/// The folder that this program lies in.
std::filesystem::path program_folder();

/// Where the models that naevus brings along lie: share/naevus/models beside the program's folder.
std::filesystem::path models_folder();

/// The model among a command's arguments that ends in .onnx (taken out of them), else `flag` (what --model said); may
/// be empty.
/// @throws UsageError if several are named
std::filesystem::path named_model(std::vector<std::string>& arguments, const std::filesystem::path& flag);

/// The model that naevus brings along, which may be missing.
std::filesystem::path shipped_model();

/// The model that a command works with: the one of its arguments that ends in .onnx (taken out of them), else `flag`
/// (what --model said), else the one that naevus brings along.
/// @throws UsageError if several are named; IoError if none is named and none came along
std::filesystem::path take_model(std::vector<std::string>& arguments, const std::filesystem::path& flag);

}  // namespace naevus::app
