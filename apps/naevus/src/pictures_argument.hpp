#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace naevus::app {

/// The picture files that a command's arguments mean: files as they are (also missing ones: whoever reads them says
/// so), folders with all below them in alphabetical order, and patterns (*, ?, [...]) that the shell left alone.
/// @throws InputError for a folder without pictures or a pattern that nothing matches; IoError for a folder that can't
///         be read
std::vector<std::filesystem::path> picture_files(const std::vector<std::string>& arguments);

}  // namespace naevus::app
