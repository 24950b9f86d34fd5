#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "naevus/base/parallel.hpp"
#include "naevus/dataset/label_map.hpp"
#include "naevus/dataset/manifest.hpp"

namespace naevus::dataset {

struct ImportOptions {
  std::string source;  ///< the `source` of every image; empty: the name of the folder (a manifest's own values stay)
  /// Columns of a table of unknown make; either one set: the source is read as such a table.
  std::string image_column, label_column;
  std::optional<LabelMap> labels;
  /// A file below the source that is not part of it: the manifest that an earlier import wrote there.
  std::filesystem::path except;
};

/// A row, a picture or a folder that did not get into the manifest.
struct Unusable {
  std::string item;    ///< the image as its row names it, or the file's path
  std::string where;   ///< "metadata.csv:17", or the path
  std::string reason;  ///< "no image of that name", "two labels: mel and nv", …
};

struct ImportResult {
  Manifest manifest;   ///< images by absolute path, in the order of the tables' rows or of the folders' names
  std::string format;  ///< "HAM10000", "ISIC 2017", …, "PH2", "folder per class", "manifest", "table"
  std::vector<Unusable> unusable;
  std::vector<std::string> notes;  ///< for the user: files passed over and why
};

/// Reads a data set as it comes, and finds out by itself what it is:
///
/// - a folder per class, below folders named train, val, valid, validation or test (any case) where there are such;
/// - HAM10000: `lesion_id,image_id,dx,…`; ISIC 2017: `image_id,melanoma,seborrheic_keratosis,…` (both 0: nevus), with
/// `part`;
/// - ISIC 2018 and 2019: one column per class, with the table of lesions or of metadata beside it; ISIC 2020:
///   `image_name,…,diagnosis,benign_malignant,target` (an unknown diagnosis leaves benign or malignant); ISIC 2024:
///   `isic_id,target,…` (malignant, benign); a download of the ISIC archive;
/// - PH2: `PH2_dataset.txt`; a manifest; any other CSV, with `image_column` and `label_column`.
///
/// Tables and images may lie anywhere below the folder; masks are passed over. Several tables of one kind are joined,
/// and their names (…Training…, …Test…) give the parts. Labels become short names (short_label), then what the label
/// map makes of them. Known columns are renamed (age_approx: age; localization, anatom_site_general: site), others are
/// kept. Each picture's header is read; a picture that can't be read is unusable.
///
/// @param source  a folder or a CSV file
/// @throws IoError, InputError if it is missing, is nothing known, holds several data sets or nothing that can be used;
///         InputError for labels that the label map does not know
ImportResult import_data(const std::filesystem::path& source, const ImportOptions& options, WorkerPool& pool);

}  // namespace naevus::dataset
