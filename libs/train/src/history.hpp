#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "checkpoint.hpp"

namespace naevus::train {

/// Writes history.csv and the TensorBoard events of the folder anew from the rows, so that both always tell of the same
/// epochs, however the run was interrupted.
/// @throws IoError
void write_history(const std::filesystem::path& folder, const std::vector<EpochRow>& rows);

std::string history_csv(const std::vector<EpochRow>& rows);
/// A TFRecord file of scalar events, one step an epoch.
std::string tensorboard_events(const std::vector<EpochRow>& rows);

}  // namespace naevus::train
