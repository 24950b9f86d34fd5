#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "naevus/base/parallel.hpp"
#include "naevus/base/random.hpp"
#include "naevus/image/image.hpp"

/// Synthetic dermoscopic pictures in the seven classes of HAM10000, rendered from rules that follow the dermoscopic
/// criteria of each diagnosis (Kittler et al. 2016, "Standardization of terminology in dermoscopy"). They are for
/// trying out and testing the software; nothing that is measured on them says anything about patients.
namespace naevus::dataset {

/// akiec, bcc, bkl, df, mel, nv, vasc.
const std::vector<std::string>& synthetic_classes();

/// Renders one picture of one lesion.
/// @param label   one of synthetic_classes()
/// @param width   in pixels, 32 to 4096; height likewise
/// @param lesion  fixes the lesion and the skin around it: the same stream with another view shows the same lesion
/// @param view    fixes distance, rotation, light, camera, hairs and bubbles; none of them knows the label
/// @throws UsageError if the size is out of range or the label is not one of the seven
image::Image render_lesion(const std::string& label, int width, int height, Random lesion, Random view);

struct SynthOptions {
  int images = 350;  ///< at least 1; from 7 on every class has one
  std::uint64_t seed = 1;
  int width = 224, height = 224;  ///< 32 to 4096
};

struct SynthResult {
  std::filesystem::path manifest;
  std::size_t images = 0, lesions = 0;
  std::map<std::string, std::size_t> classes;  ///< pictures of each class that occurs
};

/// Renders a data set: OUT/images/synth_000001.jpg and so on, OUT/manifest.csv, and OUT/README.txt, which says that
/// the pictures are synthetic. Some lesions have two pictures. The classes are mildly unequal (nv 30 %, the rarest 8
/// %), and the same options give the same bytes, whatever the number of threads. The manifest is written last.
/// @throws UsageError if an option is out of range, or `out` is a file or a folder that holds something
/// @throws IoError if something can't be written; Cancelled when the user stops it
SynthResult synthesise(const std::filesystem::path& out, const SynthOptions& options, WorkerPool& pool);

}  // namespace naevus::dataset
