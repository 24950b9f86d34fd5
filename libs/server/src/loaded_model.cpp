#include "loaded_model.hpp"

#include <cmath>
#include <numeric>

#include "naevus/image/encode.hpp"

namespace naevus::server {

void test(const LoadedModel& model, DecoderPool& decoders) {
  image::Image picture(64, 64);
  for (std::size_t i = 0; i < picture.pixels.size(); ++i) picture.pixels[i] = static_cast<std::uint8_t>(i % 251);
  const auto decoded = decoders.decode(image::encode_png(picture), model.classifier.preparation());
  const auto answer = model.classifier.classify({&decoded.prepared, 1}).front();
  const float sum = std::accumulate(answer.probabilities.begin(), answer.probabilities.end(), 0.0F);
  if (answer.probabilities.size() != model.card().classes.size() || std::abs(sum - 1) > 1e-3F)
    throw InputError("what it answers are no probabilities of its classes", model.entry.sha256, "train it again");
}

}  // namespace naevus::server
