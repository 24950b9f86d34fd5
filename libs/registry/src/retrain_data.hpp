#pragma once
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "naevus/base/parallel.hpp"
#include "naevus/dataset/manifest.hpp"
#include "naevus/registry/labels.hpp"
#include "naevus/registry/retrain.hpp"

namespace naevus::registry {

/// The pictures of those labelled that judge and are not learned from: of the patients that `learned` does not know, as
/// many of the newest as hold a fifth of the pictures. Empty where there are too few to say anything.
std::set<std::string> newest_pictures(std::span<const LabelledPicture> pictures, const std::set<std::string>& learned);

/// What a candidate learns from, and is judged by.
struct RetrainData {
  dataset::Manifest train;            ///< train and validation of the data before, and the feedback as `train`
  dataset::Manifest newest;           ///< feedback that judges, as `test`; may be empty
  std::vector<std::string> pictures;  ///< PictureFolder's hashes of the feedback in `train`
  std::vector<LeftOut> left_out;
};

/// Cleans the feedback in that folder and puts it beside the data before.
/// @param base    with classes for labels
/// @param judges  newest_pictures
RetrainData retrain_data(const dataset::Manifest& base, std::span<const LabelledPicture> pictures,
                         const std::set<std::string>& judges, const store::PictureFolder& kept,
                         const std::filesystem::path& folder, WorkerPool& pool, const StopToken& stop);

}  // namespace naevus::registry
