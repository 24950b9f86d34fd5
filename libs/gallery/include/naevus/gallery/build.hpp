#pragma once
#include <string>
#include <vector>

#include "naevus/base/parallel.hpp"
#include "naevus/dataset/manifest.hpp"
#include "naevus/gallery/contents.hpp"
#include "naevus/gallery/gallery.hpp"
#include "naevus/infer/classifier.hpp"
#include "naevus/store/picture_folder.hpp"

namespace naevus::gallery {

struct BuildOptions {
  std::string part = "train";   ///< or "all": every row that is not of the test part
  std::string licence, source;  ///< of pictures whose row names none
  int thumbnail_side = 160;     ///< the longer one, pixels
  int threads = 0;
};

/// A picture that is not in the gallery.
struct Skipped {
  std::string image, reason, where;
};

struct Built {
  Contents contents;  ///< without the model's version and hash
  std::vector<Skipped> skipped;
  std::size_t same_files = 0;  ///< pictures that another one of the gallery equals to the byte
};

/// Looks at the manifest's pictures. Its column `licence` (or `license`) names a picture's licence, `source` who it
/// came from.
/// @param kept  pictures that are here are marked so
/// @throws UsageError if a picture's licence is not known; InputError if no picture is left; Cancelled
Built build(const infer::Classifier& classifier, const dataset::Manifest& manifest, const store::PictureFolder& kept,
            const BuildOptions& options, const StopToken& stop = {});

/// What the five nearest cases say of the manifest's test part; cases are drawn by lesion for the interval.
/// @return nothing where none of its pictures has a label and can be read
/// @throws Cancelled
std::optional<Precision> measure(const Gallery& gallery, const infer::Classifier& classifier,
                                 const dataset::Manifest& manifest, const StopToken& stop = {});

}  // namespace naevus::gallery
