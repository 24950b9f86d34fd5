#include "saliency_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "naevus/base/file.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/image/overlay.hpp"

namespace naevus::app {
namespace fs = std::filesystem;
namespace {

bool is_jpeg(const fs::path& path) {
  return path.extension() == ".jpg" || path.extension() == ".jpeg";
}

}  // namespace

SaliencyFiles::SaliencyFiles(fs::path target, const std::vector<fs::path>& inputs) : target_(std::move(target)) {
  std::error_code missing;  // what is not there can't be written over
  for (const fs::path& input : inputs) taken_.insert(fs::weakly_canonical(input, missing));
}

bool SaliencyFiles::is_file() const {
  return is_jpeg(target_) || target_.extension() == ".png";
}

void SaliencyFiles::write(const infer::Classifier& classifier, const std::string& name, const image::Image& prepared,
                          std::size_t class_index) {
  const image::Image picture = image::glow_over(prepared, classifier.saliency(prepared, class_index));
  const fs::path path = is_file() ? target_ : path_for(name, classifier.card().classes.at(class_index));
  write_file(path, is_jpeg(path) ? image::encode_jpeg(picture) : image::encode_png(picture));
}

/// "mole-mel.png"; where that name is taken, "mole-mel-2.png" and so on.
fs::path SaliencyFiles::path_for(const std::string& name, const std::string& label) {
  std::string safe = label;
  std::replace(safe.begin(), safe.end(), '/', '_');
  const std::string stem = fs::path(name).stem().string() + "-" + safe;
  fs::path path = target_ / (stem + ".png");
  std::error_code missing;
  for (int number = 2; !taken_.insert(fs::weakly_canonical(path, missing)).second; ++number)
    path = target_ / fmt::format("{}-{}.png", stem, number);
  return path;
}

}  // namespace naevus::app
