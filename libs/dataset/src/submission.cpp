#include "naevus/dataset/submission.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "naevus/base/error.hpp"
#include "probability_cell.hpp"

namespace naevus::dataset {
namespace {

struct Format {
  Challenge challenge;
  const char* name;
  std::vector<std::string> columns;  // the first names the picture
};

const std::vector<Format>& formats() {
  static const std::vector<Format> all{
      {Challenge::isic2018, "isic2018", {"image", "MEL", "NV", "BCC", "AKIEC", "BKL", "DF", "VASC"}},
      {Challenge::isic2019, "isic2019", {"image", "MEL", "NV", "BCC", "AK", "BKL", "DF", "VASC", "SCC", "UNK"}},
      {Challenge::isic2020, "isic2020", {"image_name", "target"}},
      {Challenge::isic2024, "isic2024", {"isic_id", "target"}}};
  return all;
}

const Format& format_of(Challenge challenge) {
  return *std::find_if(formats().begin(), formats().end(),
                       [&](const Format& format) { return format.challenge == challenge; });
}

bool has_one_target(const Format& format) {
  return format.columns.size() == 2;
}

std::string lower(std::string text) {
  for (char& letter : text)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return text;
}

/// Keratoses have one name more than the challenges give them: those of 2019 are called AKIEC in 2018.
bool fills(const std::string& name, const std::string& column) {
  const std::string wanted = lower(column);
  return name == wanted || (wanted == "ak" && name == "akiec") || (wanted == "akiec" && name == "ak");
}

std::string id_of(const std::string& image) {
  return std::filesystem::path(image).stem().string();
}

/// The classes that are a target: melanoma in 2020, where nothing else malignant was; else all malignant ones.
std::vector<std::size_t> target_classes(Challenge challenge, const std::vector<std::string>& classes,
                                        const std::vector<std::string>& malignant) {
  const bool melanoma =
      challenge == Challenge::isic2020 && std::find(classes.begin(), classes.end(), "mel") != classes.end();
  std::vector<std::size_t> chosen;
  for (std::size_t c = 0; c < classes.size(); ++c)
    if (melanoma ? classes[c] == "mel" : std::find(malignant.begin(), malignant.end(), classes[c]) != malignant.end())
      chosen.push_back(c);
  if (chosen.empty())
    throw InputError(
        fmt::format("{} asks for the malignant share, and no class is named malignant", to_string(challenge)));
  return chosen;
}

}  // namespace

std::string to_string(Challenge challenge) {
  return format_of(challenge).name;
}

Challenge challenge_from(const std::string& name) {
  std::vector<std::string> names;
  for (const Format& format : formats()) {
    if (format.name == name) return format.challenge;
    names.emplace_back(format.name);
  }
  throw UsageError(fmt::format("there is no challenge '{}'", name), "--submission",
                   fmt::format("choose of {}", fmt::join(names, ", ")));
}

std::optional<Challenge> challenge_of(const std::vector<std::string>& header) {
  const auto has = [&](const std::string& column) {
    return std::find(header.begin(), header.end(), column) != header.end();
  };
  for (const Format& format : formats())
    if (std::all_of(format.columns.begin(), format.columns.end(),
                    [&](const std::string& column) { return column == "UNK" || has(column); }))
      return format.challenge;
  return std::nullopt;
}

SubmissionWriter::SubmissionWriter(Challenge challenge, const std::vector<std::string>& classes,
                                   const std::vector<std::string>& malignant)
    : challenge_(challenge) {
  const Format& format = format_of(challenge);
  if (has_one_target(format)) {
    classes_of_ = {target_classes(challenge, classes, malignant)};
    return;
  }
  std::size_t placed = 0;
  for (std::size_t k = 1; k < format.columns.size(); ++k) {
    std::vector<std::size_t>& those = classes_of_.emplace_back();
    for (std::size_t c = 0; c < classes.size(); ++c)
      if (fills(classes[c], format.columns[k])) those.push_back(c);
    placed += those.size();
    if (those.empty()) empty_.push_back(format.columns[k]);
  }
  if (placed == classes.size()) return;
  for (const std::string& name : classes)
    if (std::none_of(format.columns.begin() + 1, format.columns.end(),
                     [&](const std::string& column) { return fills(name, column); }))
      throw InputError(
          fmt::format("class '{}' has no column in {}", name, format.name), "",
          fmt::format("its columns are {}", fmt::join(format.columns.begin() + 1, format.columns.end(), ", ")));
}

std::string SubmissionWriter::head() const {
  return csv_line(format_of(challenge_).columns);
}

std::string SubmissionWriter::line(const std::string& image, std::span<const double> probabilities) const {
  std::vector<std::string> fields{id_of(image)};
  for (const std::vector<std::size_t>& those : classes_of_) {
    double sum = 0;
    for (const std::size_t c : those) sum += probabilities[c];
    fields.push_back(fmt::format("{}", std::min(sum, 1.0)));
  }
  return csv_line(fields);
}

PredictionTable read_submission(const std::filesystem::path& path, const CsvTable& file, Challenge challenge) {
  const Format& format = format_of(challenge);
  const bool target = has_one_target(format);
  PredictionTable table{.path = path, .challenge = to_string(challenge), .by_id = true, .line = file.line};
  std::vector<std::size_t> columns;
  for (std::size_t k = 1; k < format.columns.size(); ++k)
    if (const auto column = file.column(format.columns[k])) {
      columns.push_back(*column);
      if (!target) table.classes.push_back(lower(format.columns[k]));
    }
  if (challenge == Challenge::isic2020) table.classes = {"other", "mel"};
  if (challenge == Challenge::isic2024) table.classes = {"benign", "malignant"};
  const std::size_t image = *file.column(format.columns[0]);
  for (std::size_t i = 0; i < file.rows.size(); ++i) {
    const std::string where = fmt::format("{}:{}", path.string(), file.line[i]);
    std::vector<double> values;
    for (const std::size_t column : columns)
      values.push_back(probability_cell(file.rows[i][column], file.header[column], where));
    if (target) values.insert(values.begin(), 1 - values[0]);
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    if (std::abs(sum - 1) > sum_tolerance)
      throw InputError(fmt::format("the confidences {} sum to {:.6g}, not to 1",
                                   fmt::join(format.columns.begin() + 1, format.columns.end(), ", "), sum),
                       where,
                       "the official scorer takes such rows, but they are no probabilities: bring each row to sum 1");
    const std::string id = id_of(file.rows[i][image]);
    if (!table.row_of_image.try_emplace(id, i).second)
      throw InputError(fmt::format("'{}' stands twice in column '{}'", id, format.columns[0]), where,
                       "a submission has one row for each picture");
    table.probabilities.insert(table.probabilities.end(), values.begin(), values.end());
    table.image.push_back(id);
    table.label.emplace_back();
  }
  return table;
}

}  // namespace naevus::dataset
