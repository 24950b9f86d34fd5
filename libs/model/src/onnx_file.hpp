#pragma once
#include <onnx/onnx_pb.h>

#include <filesystem>
#include <limits>
#include <string>

#include "naevus/model/card.hpp"

namespace naevus::model {

constexpr const char* card_key = "naevus.card";
constexpr const char* seal_key = "naevus.graph_hash";

/// What protobuf can hold.
constexpr std::size_t largest_file = std::numeric_limits<int>::max();

/// XXH3 over the graph as protobuf writes it.
std::string graph_hash(const onnx::ModelProto& model);

/// Any ONNX file. @throws IoError; InputError if it is not ONNX or damaged
onnx::ModelProto read_onnx(const std::filesystem::path& path);

struct SealedModel {
  onnx::ModelProto onnx;
  Card card;
};

/// A model file of ours, whole. @throws IoError; InputError as read_card
SealedModel read_sealed(const std::filesystem::path& path);

}  // namespace naevus::model
