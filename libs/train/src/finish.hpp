#pragma once
#include <filesystem>

#include "checkpoint.hpp"
#include "session.hpp"

namespace naevus::train {

/// Turns the best weights into model.onnx: temperature, malignant threshold and refusal score from the validation part,
/// the card; and writes best.safetensors, last.safetensors and report.html.
/// @throws IoError, Cancelled
void finish(Session& session, const Checkpoint& checkpoint, const std::filesystem::path& folder);

}  // namespace naevus::train
