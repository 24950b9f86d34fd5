#include "weights_file.hpp"

#include "naevus/model/model_file.hpp"

namespace naevus::train {

network::StateDict read_any_weights(const std::filesystem::path& path) {
  return path.extension() == ".onnx" ? model::read_model(path).state : network::read_weights(path);
}

}  // namespace naevus::train
