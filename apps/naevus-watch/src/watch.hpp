#pragma once
#include <filesystem>

#include "look.hpp"

namespace naevus::watch {

/// One line a frame on standard output until the source ends: every frame of a file, of what is live those that there
/// is time for.
/// @param rate  answers a second at most; 0: no limit
/// @throws Cancelled; as Source
void write_lines(Source& source, const infer::Classifier& classifier, double rate, const StopToken& stop);

/// @throws IoError where no window can be opened; to be asked before the process has threads
void need_display();

/// A window with the overlay until it is closed.
/// @param folder  where frames are saved
/// @throws Cancelled; as Source
void show_window(Source& source, const infer::Classifier& classifier, const std::filesystem::path& folder,
                 const StopToken& stop);

}  // namespace naevus::watch
