#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "naevus/dataset/manifest.hpp"

namespace naevus::dataset {

/// The short lower-case name of a diagnosis as data sets write it: "Melanoma", "MEL" and "melanoma" are `mel`,
/// "pigmented benign keratosis" is `pbk`. A text that is not a known diagnosis stays itself, in lower case (ASCII),
/// without spaces at its ends.
///
/// Short names: akiec (actinic keratosis and intraepithelial carcinoma, HAM10000's joint class), ak (actinic
/// keratosis), angioma, bcc, bkl (benign keratosis, the joint class), df, lentigo, lk (lichenoid keratosis), mel, nv,
/// pbk (pigmented benign keratosis), scc, sk (seborrheic keratosis), vasc, benign, malignant, unk.
std::string short_label(const std::string& text);

/// Whether the text is one of these short names, a diagnosis that has one, or one that the maps which naevus brings
/// along know besides.
bool is_known_diagnosis(const std::string& text);

/// The short names above that stand for a cancer or for what is treated as one (mel, bcc, scc, akiec, ak, malignant):
/// those of `classes` that are among them, in the order given.
std::vector<std::string> usual_malignant(std::span<const std::string> classes);

/// Which class each label becomes, which labels are left out, and which classes are malignant. A TOML file:
///
///     description = "Nine classes of the ISIC archive to the seven of HAM10000"
///     malignant = ["akiec", "bcc", "mel"]
///     drop = ["unk"]          # images with these labels are left out
///     [map]
///     ak = "akiec"
///     mel = "mel"
struct LabelMap {
  std::string name;  ///< the file's name without .toml
  std::string description;
  std::map<std::string, std::string> classes;  ///< label (short) to class
  std::set<std::string> drop;                  ///< labels (short)
  std::vector<std::string> malignant;          ///< classes, in alphabetical order

  /// The class of a label, which is looked up as it is and then by its short form; nothing if the map does not know it.
  std::optional<std::string> find(const std::string& label) const;
  bool drops(const std::string& label) const;
  /// The classes that the map leads to, in alphabetical order.
  std::vector<std::string> targets() const;
};

/// @throws IoError; InputError naming the line or key: bad TOML, an unknown key, no [map], a malignant class that no
/// label
///         leads to, a label both mapped and dropped
LabelMap read_label_map(const std::filesystem::path& path);

/// A map by its file, or by the name of one that naevus brings along.
/// @throws InputError if there is neither, naming those that there are
LabelMap find_label_map(const std::string& name_or_path);

/// Names of the maps that naevus brings along, in alphabetical order.
std::vector<std::string> label_map_names();

/// The manifest with classes for labels, and without the images whose labels the map drops. Where the map joins labels,
/// the label before is kept in the column `diagnosis` (unless the manifest has one).
/// @throws InputError for labels that the map does not know: each with its first lines, and what the map knows
Manifest apply(const LabelMap& map, const Manifest& manifest);

/// A manifest's file, with the classes of the map for labels where one is named (not empty).
/// @throws what read_manifest, find_label_map and apply throw
Manifest read_labelled(const std::filesystem::path& manifest, const std::string& labels);

}  // namespace naevus::dataset
