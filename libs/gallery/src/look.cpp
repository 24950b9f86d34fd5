#include "look.hpp"

#include "naevus/base/progress.hpp"

namespace naevus::gallery {

void look(const infer::Classifier& classifier, const std::vector<std::filesystem::path>& files,
          const std::function<void(std::size_t, const infer::Outcome&)>& take, const StopToken& stop) {
  Progress progress("embedding", files.size());
  classifier.stream_files(
      files,
      [&](std::size_t i, const infer::Outcome& outcome) {
        take(i, outcome);
        progress.advance();
      },
      stop);
  progress.finish();
}

}  // namespace naevus::gallery
