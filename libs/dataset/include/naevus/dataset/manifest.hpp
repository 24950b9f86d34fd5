#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace naevus::dataset {

enum class Part { none, train, validation, test };
std::string to_string(Part part);  ///< "", "train", "validation", "test"
/// "val" and "valid" are understood too. @throws InputError
Part part_from(const std::string& text);

/// One picture of a data set. Empty text: not known.
struct Entry {
  std::string image;  ///< as written: relative to the manifest, or absolute
  std::string label;
  Part part = Part::none;
  std::string lesion_id, patient_id, age, sex, site, source;
  std::vector<std::string> other;  ///< values of Manifest::other_columns
  std::size_t line = 0;            ///< in the file it was read from
};

/// A data set: one CSV, `image,label,split,lesion_id,patient_id,age,sex,site,source,...`.
struct Manifest {
  std::filesystem::path path;  ///< where it was read from or will stand; images are relative to its folder
  std::vector<std::string> other_columns;
  std::vector<Entry> entries;

  std::filesystem::path image_path(const Entry& entry) const;
  /// Labels that occur, in alphabetical order.
  std::vector<std::string> classes() const;
  /// Indices of the entries in that part.
  std::vector<std::size_t> in(Part part) const;
};

/// @throws IoError; InputError (with the line) if `image` is missing or empty, a column stands twice, or a split is
/// unknown
Manifest read_manifest(const std::filesystem::path& path);

/// Written whole. A known column is written if some row has a value in it, `image` and `label` always, other columns
/// always. An image is named relative to the manifest's folder where it lies in that folder or in one beside it, and by
/// its absolute path otherwise.
/// @throws IoError
void write_manifest(const Manifest& manifest, const std::filesystem::path& path);

/// "nv 4,323 · bkl 583 · mel 491", by falling count.
std::string class_summary(const Manifest& manifest);

}  // namespace naevus::dataset
