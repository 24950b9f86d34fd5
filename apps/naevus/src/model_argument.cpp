#include "model_argument.hpp"

#include <algorithm>

#include "naevus/base/error.hpp"

namespace naevus::app {
namespace fs = std::filesystem;

fs::path program_folder() {
  return fs::read_symlink("/proc/self/exe").parent_path();
}

fs::path models_folder() {
  return program_folder().parent_path() / "share" / "naevus" / "models";
}

fs::path shipped_model() {
  return models_folder() / "naevus-7.onnx";
}

fs::path named_model(std::vector<std::string>& arguments, const fs::path& flag) {
  const auto is_model = [](const std::string& argument) { return fs::path(argument).extension() == ".onnx"; };
  fs::path model = flag;
  for (const std::string& argument : arguments) {
    if (!is_model(argument)) continue;
    if (!model.empty()) throw UsageError("two models are named", argument, "name one");
    model = argument;
  }
  std::erase_if(arguments, is_model);
  return model;
}

fs::path take_model(std::vector<std::string>& arguments, const fs::path& flag) {
  if (fs::path model = named_model(arguments, flag); !model.empty()) return model;
  fs::path shipped = shipped_model();
  if (!fs::exists(shipped))
    throw IoError("no model is named, and none came with this naevus", shipped.string(),
                  "name one (--model runs/first/model.onnx); `naevus train` makes one");
  return shipped;
}

}  // namespace naevus::app
