#pragma once
#include <onnx/onnx_pb.h>

#include "naevus/model/card.hpp"

namespace naevus::model {

/// Puts the card's calibration in the place of the graph's; everything else stays.
/// @returns false where the graph has no calibration
bool recalibrate(onnx::GraphProto& graph, const Card& card);

}  // namespace naevus::model
