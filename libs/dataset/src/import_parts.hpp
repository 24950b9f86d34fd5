#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "naevus/base/csv.hpp"
#include "naevus/dataset/import.hpp"

/// What the importers share: what they find, and how a name becomes a picture.
namespace naevus::dataset {

/// An image on its way into the manifest, or a reason why it can't get there.
struct Candidate {
  Entry entry;       ///< image: empty until it is found; label as the source writes it
  std::string name;  ///< the image as the source names it
  std::vector<std::pair<std::string, std::string>> other;  ///< further columns with their values
  std::string where;                                       ///< "metadata.csv:17", or the path
  std::filesystem::path table;                             ///< that its row stands in
  std::string problem;                                     ///< not empty: unusable, and why
};

struct Found {
  std::string format;
  std::vector<Candidate> candidates;
  std::vector<Unusable> unusable;
  std::vector<std::string> notes;
};

/// ASCII letters in lower case.
std::string lower(std::string text);
/// The part that a word stands for: "Train", "training", "val", "Test", …; nothing for another word.
std::optional<Part> part_word(const std::string& word);
/// "nan", "NA", "unknown" and the like become empty; spaces at the ends go.
std::string known_value(const std::string& text);
/// Whether the file is a mask or the like by its own or its folder's name, not a picture of a lesion.
bool is_mask(const std::filesystem::path& file);
/// Files below a folder in the order of their paths; hidden ones and masks' folders are passed over.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);

/// A table that was read, and what it is.
struct Table {
  enum class Kind {
    manifest,
    ham10000,
    isic2017,
    isic2018,
    isic2019,
    isic2020,
    isic2024,
    archive,
    other,
    sidecar,
    unknown
  };
  std::filesystem::path path;
  CsvTable csv;
  Kind kind = Kind::unknown;
};
Table::Kind kind_of(const CsvTable& csv);
std::string name_of(Table::Kind kind);
/// Its rows; `image_column` and `label_column` count for Kind::other.
std::vector<Candidate> rows_of(const Table& table, const std::string& image_column, const std::string& label_column);
/// Fills what the candidates do not know from a table of further facts about the same images.
void join_sidecar(const Table& sidecar, std::vector<Candidate>& candidates);

Found import_folders(const std::filesystem::path& root);
Found import_ph2(const std::filesystem::path& table);

/// Finds the pictures that tables name.
class PictureIndex {
 public:
  /// @param root  searched, with all below it, once the first name is not found directly
  explicit PictureIndex(std::filesystem::path root) : root_(std::move(root)) {}
  /// Sets entry.image, or problem.
  void resolve(Candidate& candidate);
  /// Pictures below the root.
  const std::vector<std::filesystem::path>& pictures();

 private:
  void scan();

  std::filesystem::path root_;
  bool scanned_ = false;
  std::vector<std::filesystem::path> pictures_;
  std::multimap<std::string, std::filesystem::path> by_name_, by_stem_;
};

}  // namespace naevus::dataset
