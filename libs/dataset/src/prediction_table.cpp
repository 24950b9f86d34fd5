#include "naevus/dataset/prediction_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "naevus/base/csv.hpp"
#include "naevus/base/error.hpp"
#include "naevus/dataset/submission.hpp"
#include "probability_cell.hpp"

namespace naevus::dataset {
namespace {

std::vector<double> row_of(const CsvTable& table, std::size_t row, const std::vector<std::size_t>& columns,
                           const std::string& where) {
  std::vector<double> values;
  for (const std::size_t column : columns)
    values.push_back(probability_cell(table.rows[row][column], table.header[column], where));
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  if (std::abs(sum - 1) > sum_tolerance)
    throw InputError(fmt::format("the probabilities sum to {:.6g}, not to 1", sum), where,
                     "write the outputs of a softmax, one column p_<class> for every class");
  return values;
}

/// @throws InputError if a picture stands twice with different numbers
std::map<std::string, std::size_t> rows_by_image(const PredictionTable& table) {
  const std::size_t classes = table.classes.size();
  const auto start = [&](std::size_t row) {
    return table.probabilities.begin() + static_cast<std::ptrdiff_t>(row * classes);
  };
  std::map<std::string, std::size_t> found;
  for (std::size_t i = 0; i < table.image.size(); ++i) {
    const auto [other, fresh] = found.try_emplace(picture_name(table.image[i]), i);
    if (!fresh && !std::equal(start(i), start(i + 1), start(other->second)))
      throw InputError(
          fmt::format("'{}' has other probabilities here than in line {}", table.image[i], table.line[other->second]),
          fmt::format("{}:{}", table.path.string(), table.line[i]), "keep one of the two rows");
  }
  return found;
}

}  // namespace

double probability_cell(const std::string& text, const std::string& column, const std::string& where) {
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

std::string PredictionTable::name_of(const std::string& named) const {
  return by_id ? std::filesystem::path(named).stem().string() : picture_name(named);
}

std::string picture_name(const std::string& named) {
  return std::filesystem::path(named).lexically_normal().string();
}

PredictionTable read_prediction_table(const std::filesystem::path& path) {
  const CsvTable file = read_csv(path);
  if (const auto challenge = challenge_of(file.header)) return read_submission(path, file, *challenge);
  const auto image = file.column("image"), label = file.column("label");
  if (!image) throw InputError("has no column 'image'", path.string(), "the columns are image,label,p_<class>,...");
  PredictionTable table{.path = path, .has_labels = label.has_value(), .line = file.line};
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < file.header.size(); ++i) {
    if (!file.header[i].starts_with("p_") || file.header[i].size() == 2) continue;
    columns.push_back(i);
    table.classes.push_back(file.header[i].substr(2));
  }
  if (columns.size() < 2)
    throw InputError(fmt::format("has {} columns of probabilities", columns.size()), path.string(),
                     "name one p_<class> for every class, two at least");
  for (std::size_t i = 0; i < file.rows.size(); ++i) {
    const auto values = row_of(file, i, columns, fmt::format("{}:{}", path.string(), file.line[i]));
    table.probabilities.insert(table.probabilities.end(), values.begin(), values.end());
    table.image.push_back(file.rows[i][*image]);
    table.label.push_back(label ? file.rows[i][*label] : "");
  }
  table.row_of_image = rows_by_image(table);
  return table;
}

}  // namespace naevus::dataset
