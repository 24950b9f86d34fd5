#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace naevus::app {

/// Names, relative to a folder of results, for what is made of files: their own relative to `root`, or to the folder
/// that they all lie in where one lies outside of it (or root is empty), with this extension. Where two would have the
/// same name, the later ones get "-2", "-3" ... before the extension. The same file has one name, however often it is
/// listed.
/// @param extension  with its dot
std::vector<std::filesystem::path> target_names(const std::vector<std::filesystem::path>& files,
                                                const std::filesystem::path& root, const std::string& extension);

}  // namespace naevus::app
