#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "naevus/base/csv.hpp"
#include "naevus/base/error.hpp"
#include "naevus/dataset/label_map.hpp"
#include "naevus/evaluate/predictions.hpp"

namespace naevus::evaluate {
namespace {

/// Room for probabilities that were written with four decimals.
constexpr double sum_tolerance = 1e-3;

/// A predictions file as it stands, checked.
struct Rows {
  std::vector<std::string> classes;
  std::vector<std::string> image, label;  ///< label: empty texts without the column
  std::vector<std::vector<double>> probabilities;
  std::vector<std::size_t> line;
  bool has_labels = false;
};

double probability(const std::string& text, const std::string& column, const std::string& where) {
  const auto first = text.find_first_not_of(' ');
  const auto last = text.find_last_not_of(' ');
  double value = 0;
  if (first != std::string::npos) {
    const char* end = text.data() + last + 1;
    const auto [stop, error] = std::from_chars(text.data() + first, end, value);
    if (error == std::errc() && stop == end && std::isfinite(value) && value >= 0 && value <= 1 + sum_tolerance)
      return std::min(value, 1.0);
  }
  throw InputError(fmt::format("'{}' in column '{}' is not a probability", text, column), where,
                   "write a number from 0 to 1");
}

std::vector<double> row_of(const CsvTable& table, std::size_t row, const std::vector<std::size_t>& columns,
                           const std::string& where) {
  std::vector<double> values;
  for (const std::size_t column : columns)
    values.push_back(probability(table.rows[row][column], table.header[column], where));
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  if (std::abs(sum - 1) > sum_tolerance)
    throw InputError(fmt::format("the probabilities sum to {:.6g}, not to 1", sum), where,
                     "write the outputs of a softmax, one column p_<class> for every class");
  return values;
}

Rows read_rows(const std::filesystem::path& path) {
  const CsvTable table = read_csv(path);
  const auto image = table.column("image"), label = table.column("label");
  if (!image) throw InputError("has no column 'image'", path.string(), "the columns are image,label,p_<class>,...");
  Rows rows{.has_labels = label.has_value()};
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < table.header.size(); ++i) {
    if (!table.header[i].starts_with("p_") || table.header[i].size() == 2) continue;
    columns.push_back(i);
    rows.classes.push_back(table.header[i].substr(2));
  }
  if (columns.size() < 2)
    throw InputError(fmt::format("has {} columns of probabilities", columns.size()), path.string(),
                     "name one p_<class> for every class, two at least");
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    rows.probabilities.push_back(row_of(table, i, columns, fmt::format("{}:{}", path.string(), table.line[i])));
    rows.image.push_back(table.rows[i][*image]);
    rows.label.push_back(label ? table.rows[i][*label] : "");
    rows.line.push_back(table.line[i]);
  }
  return rows;
}

std::string normal(const std::string& image) {
  return std::filesystem::path(image).lexically_normal().string();
}

/// Row of each picture.
/// @throws InputError if a picture stands twice with different numbers
std::map<std::string, std::size_t> rows_by_image(const Rows& rows, const std::string& file) {
  std::map<std::string, std::size_t> found;
  for (std::size_t i = 0; i < rows.image.size(); ++i) {
    const auto [other, fresh] = found.try_emplace(normal(rows.image[i]), i);
    if (!fresh && rows.probabilities[i] != rows.probabilities[other->second])
      throw InputError(
          fmt::format("'{}' has other probabilities here than in line {}", rows.image[i], rows.line[other->second]),
          fmt::format("{}:{}", file, rows.line[i]), "keep one of the two rows");
  }
  return found;
}

/// A manifest that the file's own rows make.
dataset::Manifest own_manifest(const Rows& rows, const std::string& file) {
  if (!rows.has_labels) throw InputError("has no column 'label'", file, "name the manifest with the labels too");
  dataset::Manifest manifest;
  manifest.path = file;
  for (std::size_t i = 0; i < rows.image.size(); ++i) {
    dataset::Entry entry;
    entry.image = rows.image[i];
    entry.label = rows.label[i];
    entry.line = rows.line[i];
    manifest.entries.push_back(std::move(entry));
  }
  return manifest;
}

/// The manifest with the file's labels where it has none of its own; says where the two disagree.
dataset::Manifest with_labels(dataset::Manifest manifest, const Rows& rows,
                              const std::map<std::string, std::size_t>& row_of_image,
                              std::vector<std::string>& warnings) {
  std::size_t different = 0;
  for (dataset::Entry& entry : manifest.entries) {
    const auto row = row_of_image.find(normal(entry.image));
    if (row == row_of_image.end() || rows.label[row->second].empty()) continue;
    const std::string& label = rows.label[row->second];
    if (entry.label.empty()) entry.label = label;
    if (entry.label != label) ++different;
  }
  if (different > 0)
    warnings.push_back(
        fmt::format("{} pictures have another label in the manifest than in the predictions: the manifest's "
                    "counts",
                    different));
  return manifest;
}

/// Joins the cases with their rows; cases without a row become failures.
void join(Predictions& predictions, const Rows& rows, const std::map<std::string, std::size_t>& row_of_image) {
  std::vector<Case> joined;
  for (Case& item : predictions.cases) {
    const auto row = row_of_image.find(normal(item.image));
    if (row == row_of_image.end()) {
      predictions.failures.push_back({item.image, "has no prediction"});
      continue;
    }
    const auto& values = rows.probabilities[row->second];
    predictions.probabilities.insert(predictions.probabilities.end(), values.begin(), values.end());
    joined.push_back(std::move(item));
  }
  predictions.cases = std::move(joined);
}

}  // namespace

Predictions read_predictions(const std::filesystem::path& path, const dataset::Manifest* manifest,
                             const std::string& part) {
  const Rows rows = read_rows(path);
  const auto row_of_image = rows_by_image(rows, path.string());
  Predictions predictions;
  predictions.source = path.string();
  predictions.classes = rows.classes;
  predictions.malignant = dataset::usual_malignant(rows.classes);
  if (manifest == nullptr) {
    const dataset::Manifest own = own_manifest(rows, path.string());
    take_cases(own, select(own, "all"), predictions);
    for (Case& item : predictions.cases) item.path.clear();
    predictions.manifest.clear();
  } else {
    const dataset::Manifest labelled = with_labels(*manifest, rows, row_of_image, predictions.warnings);
    take_cases(labelled, select(labelled, part), predictions);
    std::set<std::string> known;
    for (const dataset::Entry& entry : labelled.entries) known.insert(normal(entry.image));
    for (std::size_t i = 0; i < rows.image.size(); ++i)
      if (!known.contains(normal(rows.image[i])))
        predictions.failures.push_back({rows.image[i], "is not in the manifest"});
  }
  join(predictions, rows, row_of_image);
  if (predictions.cases.empty())
    throw InputError(predictions.failures.empty()
                         ? "has no rows"
                         : fmt::format("no picture can be scored; the first, '{}', {}",
                                       predictions.failures.front().image, predictions.failures.front().reason),
                     path.string(), "the column 'image' must name pictures as the manifest does");
  return predictions;
}

}  // namespace naevus::evaluate
