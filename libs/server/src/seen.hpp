#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "loaded_model.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/image.hpp"
#include "naevus/image/quality.hpp"

namespace naevus::server {

/// A file as a client sent it, held by all that work on it.
using FileBytes = std::shared_ptr<const std::string>;

inline std::span<const std::byte> bytes_of(const FileBytes& file) {
  return std::as_bytes(std::span(*file));
}

/// What a model saw.
struct Seen {
  infer::Answer answer;
  std::optional<image::Quality> quality;  ///< where it came as a file
  image::Format format = image::Format::jpeg;
  ModelPointer model;
  image::Image prepared;  ///< as the model took it
  image::Image shown;     ///< where saliency or the picture itself was asked for; there is no answer then
};

}  // namespace naevus::server
