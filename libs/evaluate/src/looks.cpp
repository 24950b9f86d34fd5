#include "looks.hpp"

#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/copies/fingerprint.hpp"
#include "naevus/evaluate/skin_tone.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/lesion.hpp"

namespace naevus::evaluate {
namespace {

Look look(const std::filesystem::path& file) {
  Look seen;
  try {
    const image::Image picture = image::load(file);
    const image::Mask lesion = image::lesion_mask(picture);
    std::size_t inside = 0;
    for (const std::uint8_t value : lesion.values) inside += value != 0 ? 1 : 0;
    if (inside > 0) seen.lesion_area = static_cast<double>(inside) / static_cast<double>(lesion.values.size());
    seen.skin_angle = typology_angle(picture, lesion);
    seen.perceptual = copies::perceptual_hash(picture);
    seen.signature = copies::signature(picture);
    seen.pixels = image::pixel_hash(picture);
  } catch (const Error&) {  // the classifier has named it already
    seen = {};
  }
  return seen;
}

copies::Signature signature_of(const std::filesystem::path& file) {
  try {
    return copies::signature(image::load(file));
  } catch (const Error&) {
    return {};
  }
}

template <typename Result, typename Function>
std::vector<Result> of_each(const char* label, const std::vector<std::filesystem::path>& files, Function function,
                            WorkerPool& pool, const StopToken& stop) {
  std::vector<Result> results(files.size());
  Progress progress(label, files.size());
  pool.for_each(files.size(), [&](std::size_t i) {
    stop.check();
    results[i] = function(files[i]);
    progress.advance();
  });
  return results;
}

}  // namespace

std::vector<Look> look_at(const std::vector<std::filesystem::path>& files, WorkerPool& pool, const StopToken& stop) {
  return of_each<Look>("looking", files, look, pool, stop);
}

std::vector<copies::Signature> signatures_of(const std::vector<std::filesystem::path>& files, WorkerPool& pool,
                                             const StopToken& stop) {
  return of_each<copies::Signature>("training pictures", files, signature_of, pool, stop);
}

}  // namespace naevus::evaluate
