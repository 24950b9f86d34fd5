#pragma once
#include <cstddef>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "naevus/dataset/manifest.hpp"
#include "naevus/store/picture_folder.hpp"
#include "naevus/store/readings.hpp"

namespace naevus::registry {

/// What a picture's label rests on.
enum class Basis { none, one_reader, readers, histopathology };

/// "none", "one reader", "readers", "histopathology".
std::string_view name(Basis basis);

/// A kept picture and the class that its readers give it.
struct LabelledPicture {
  store::Prediction first;  ///< as store::ReadPicture
  std::string label;        ///< empty where the readers settle none
  Basis basis = Basis::none;
  std::size_t readers = 0;  ///< who name that class
  store::Time at;           ///< when the newest of all opinions came

  bool confirmed() const { return basis == Basis::readers || basis == Basis::histopathology; }
};

/// What histopathology confirms goes before what is only seen; beyond that, more than half of those who count must name
/// one class. Two different confirmed classes settle nothing.
/// @param not_believed  readers whose opinions do not count; a picture that nobody else read is left out
std::vector<LabelledPicture> settle(std::span<const store::ReadPicture> pictures,
                                    const std::set<std::string>& not_believed = {});

/// The labelled pictures as a manifest with the further columns `label_basis` and `readers`; those without a label are
/// left out. `patient_id` is the patient's key, `lesion_id` the lesion's id, `source` is "feedback".
/// @param path  where it will stand
dataset::Manifest feedback_manifest(std::span<const LabelledPicture> pictures, const store::PictureFolder& folder,
                                    const std::filesystem::path& path);

}  // namespace naevus::registry
