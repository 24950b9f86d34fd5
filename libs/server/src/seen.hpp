#pragma once
#include <optional>

#include "loaded_model.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/image.hpp"
#include "naevus/image/quality.hpp"

namespace naevus::server {

/// What a model saw.
struct Seen {
  infer::Answer answer;
  std::optional<image::Quality> quality;  ///< where it came as a file
  image::Format format = image::Format::jpeg;
  ModelPointer model;
  image::Image prepared;  ///< as the model took it
  image::Image overlay;   ///< where saliency was asked for; there is no answer then
};

}  // namespace naevus::server
