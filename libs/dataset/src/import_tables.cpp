#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>

#include "import_parts.hpp"
#include "naevus/base/error.hpp"

namespace naevus::dataset {
namespace {

namespace fs = std::filesystem;

// Names of the same thing in the tables that circulate, best first.
constexpr std::array image_names{"image", "image_id", "image_name", "isic_id"};
constexpr std::array one_hot_names{"mel", "nv", "bcc", "ak", "akiec", "bkl", "df", "vasc", "scc", "unk"};

struct Field {
  std::string Entry::* field;
  std::array<const char*, 5> names;
};
constexpr std::array fields{
    Field{&Entry::lesion_id, {"lesion_id"}},
    Field{&Entry::patient_id, {"patient_id"}},
    Field{&Entry::age, {"age", "age_approx", "age_approximate"}},
    Field{&Entry::sex, {"sex", "gender"}},
    Field{&Entry::site,
          {"site", "localization", "anatom_site_general", "anatom_site_general_challenge", "anatom_site"}},
    Field{&Entry::source, {"source"}},
};

/// Index of a column by its name in lower case.
std::optional<std::size_t> column(const CsvTable& csv, std::string_view name) {
  for (std::size_t c = 0; c < csv.header.size(); ++c)
    if (lower(csv.header[c]) == name) return c;
  return std::nullopt;
}

template <std::size_t N>
std::optional<std::size_t> first_column(const CsvTable& csv, const std::array<const char*, N>& names) {
  for (const char* name : names)
    if (name)
      if (const auto at = column(csv, name)) return at;
  return std::nullopt;
}

std::vector<std::size_t> one_hot_columns(const CsvTable& csv) {
  std::vector<std::size_t> found;
  for (const char* name : one_hot_names)
    if (const auto at = column(csv, name)) found.push_back(*at);
  return found;
}

/// 1 or 0, also as "1.0"; nothing for anything else.
std::optional<bool> flag(const std::string& text) {
  double value = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || stop != text.data() + text.size() || (value != 0 && value != 1)) return std::nullopt;
  return value == 1;
}

/// The label from columns of which one must be marked, or else a problem. `none`: the label where none is.
void label_from_flags(const Table& table, const std::vector<std::string>& row, const std::vector<std::size_t>& columns,
                      const std::string& none, Candidate& candidate) {
  std::vector<std::string> marked;
  for (const std::size_t c : columns) {
    const auto value = flag(row[c]);
    if (!value) {
      candidate.problem = fmt::format("{} is '{}', not 0 or 1", table.csv.header[c], row[c]);
      return;
    }
    if (*value) marked.push_back(table.csv.header[c]);
  }
  if (marked.size() > 1) candidate.problem = fmt::format("two labels: {} and {}", marked[0], marked[1]);
  if (marked.empty() && none.empty()) candidate.problem = "no class is marked";
  candidate.entry.label = marked.empty() ? none : marked[0];
}

/// How a kind of table tells the label; `consumed` are its columns that say nothing beyond the label.
struct LabelColumns {
  std::vector<std::size_t> consumed;
  std::vector<std::size_t> flags;
  std::string no_flag;                        // the label where no flag is set
  std::vector<std::size_t> texts;             // the first that is known counts
  std::optional<std::size_t> target;          // 0 or 1
  std::array<const char*, 2> target_names{};  // what they mean
};

LabelColumns label_columns(const Table& table, const std::string& label_column) {
  const CsvTable& csv = table.csv;
  LabelColumns result;
  const auto text = [&](const char* name, bool consume) {
    const auto at = column(csv, name);
    if (!at) return;
    result.texts.push_back(*at);
    if (consume) result.consumed.push_back(*at);
  };
  switch (table.kind) {
    case Table::Kind::manifest:
      text("label", true);
      break;
    case Table::Kind::ham10000:
      text("dx", true);
      break;
    case Table::Kind::isic2017:
      result.flags = result.consumed = {*column(csv, "melanoma"), *column(csv, "seborrheic_keratosis")};
      result.no_flag = "nevus";
      break;
    case Table::Kind::isic2018:
    case Table::Kind::isic2019:
      result.flags = result.consumed = one_hot_columns(csv);
      break;
    case Table::Kind::isic2020:
      text("diagnosis", true);
      text("benign_malignant", false);
      result.target = column(csv, "target");
      result.target_names = {"benign", "melanoma"};
      break;
    case Table::Kind::isic2024:
      result.target = column(csv, "target");
      result.consumed = {*result.target};
      result.target_names = {"benign", "malignant"};
      break;
    case Table::Kind::archive:
      text("diagnosis", true);
      for (const char* name : {"diagnosis_3", "diagnosis_2", "diagnosis_1", "benign_malignant"}) text(name, false);
      break;
    case Table::Kind::other:
      result.texts = result.consumed = {*csv.column(label_column)};
      break;
    case Table::Kind::sidecar:
    case Table::Kind::unknown:
      break;
  }
  return result;
}

void read_label(const Table& table, const LabelColumns& columns, const std::vector<std::string>& row,
                Candidate& candidate) {
  if (!columns.flags.empty()) return label_from_flags(table, row, columns.flags, columns.no_flag, candidate);
  for (const std::size_t c : columns.texts) {
    candidate.entry.label = known_value(row[c]);
    if (!candidate.entry.label.empty()) return;
  }
  if (columns.target) {
    const auto value = flag(row[*columns.target]);
    if (value)
      candidate.entry.label = columns.target_names[*value ? 1 : 0];
    else
      candidate.problem = fmt::format("target is '{}', not 0 or 1", row[*columns.target]);
  }
  if (candidate.entry.label.empty() && candidate.problem.empty()) candidate.problem = "no label";
}

/// What the columns of a table mean beside image and label.
struct FactColumns {
  std::vector<std::pair<std::size_t, std::string Entry::*>> fields;
  std::optional<std::size_t> part;
  std::vector<std::pair<std::size_t, std::string>> other;  // with the name that they get
};

FactColumns fact_columns(const CsvTable& csv, std::vector<std::size_t> consumed) {
  FactColumns facts;
  for (const Field& field : fields) {
    const auto at = first_column(csv, field.names);
    if (!at || std::find(consumed.begin(), consumed.end(), *at) != consumed.end()) continue;
    facts.fields.emplace_back(*at, field.field);
    consumed.push_back(*at);
  }
  constexpr std::array part_names{"split", "part"};
  facts.part = first_column(csv, part_names);
  constexpr std::array reserved{"image", "label", "split", "lesion_id", "patient_id", "age", "sex", "site", "source"};
  for (std::size_t c = 0; c < csv.header.size(); ++c) {
    if (c == facts.part || std::find(consumed.begin(), consumed.end(), c) != consumed.end()) continue;
    const bool taken = std::find(reserved.begin(), reserved.end(), csv.header[c]) != reserved.end();
    facts.other.emplace_back(c, taken ? "original_" + csv.header[c] : csv.header[c]);
  }
  return facts;
}

/// A value in the form that the manifest has: whole years without ".0", sex in lower case.
std::string normalised(std::string Entry::* field, const std::string& text) {
  std::string value = known_value(text);
  if (field == &Entry::sex) return lower(value);
  if (field == &Entry::age && value.ends_with(".0")) value.resize(value.size() - 2);
  return value;
}

void read_facts(const FactColumns& facts, const std::vector<std::string>& row, Candidate& candidate) {
  for (const auto& [c, field] : facts.fields) {
    std::string& value = candidate.entry.*field;
    if (value.empty()) value = normalised(field, row[c]);
  }
  if (facts.part && candidate.entry.part == Part::none) {
    const auto part = part_word(row[*facts.part]);
    if (part) candidate.entry.part = *part;
    if (!part && !row[*facts.part].empty())
      candidate.problem = fmt::format("'{}' is not train, validation or test", row[*facts.part]);
  }
  for (const auto& [c, name] : facts.other) {
    const auto is_same = [&n = name](const auto& pair) { return pair.first == n; };
    const auto known = std::find_if(candidate.other.begin(), candidate.other.end(), is_same);
    if (known == candidate.other.end())
      candidate.other.emplace_back(name, row[c]);
    else if (known->second.empty())
      known->second = row[c];
  }
}

/// What an image is called in any table: without folder and picture extension, in lower case.
std::string key_of(const std::string& name) {
  const fs::path path(name);
  const std::string extension = lower(path.extension().string());
  const bool picture = extension == ".jpg" || extension == ".jpeg" || extension == ".png";
  return lower((picture ? path.stem() : path.filename()).string());
}

}  // namespace

Table::Kind kind_of(const CsvTable& csv) {
  const auto has = [&](const char* name) { return column(csv, name).has_value(); };
  if (has("image") && has("label")) return Table::Kind::manifest;
  if (has("image_id") && has("dx")) return Table::Kind::ham10000;
  if (has("image_id") && has("melanoma") && has("seborrheic_keratosis")) return Table::Kind::isic2017;
  if (has("image") && one_hot_columns(csv).size() >= 2)
    return has("akiec") ? Table::Kind::isic2018 : Table::Kind::isic2019;
  if (has("image_name") && (has("target") || has("benign_malignant"))) return Table::Kind::isic2020;
  if (has("isic_id") && has("target")) return Table::Kind::isic2024;
  if (has("isic_id") && (has("diagnosis") || has("diagnosis_1") || has("benign_malignant")))
    return Table::Kind::archive;
  const bool facts = std::any_of(fields.begin(), fields.end(),
                                 [&](const Field& field) { return first_column(csv, field.names).has_value(); });
  return facts && first_column(csv, image_names) ? Table::Kind::sidecar : Table::Kind::unknown;
}

std::string name_of(Table::Kind kind) {
  switch (kind) {
    case Table::Kind::manifest:
      return "manifest";
    case Table::Kind::ham10000:
      return "HAM10000";
    case Table::Kind::isic2017:
      return "ISIC 2017";
    case Table::Kind::isic2018:
      return "ISIC 2018";
    case Table::Kind::isic2019:
      return "ISIC 2019";
    case Table::Kind::isic2020:
      return "ISIC 2020";
    case Table::Kind::isic2024:
      return "ISIC 2024";
    case Table::Kind::archive:
      return "ISIC archive";
    case Table::Kind::other:
      return "table";
    case Table::Kind::sidecar:
    case Table::Kind::unknown:
      break;
  }
  return "";
}

std::vector<Candidate> rows_of(const Table& table, const std::string& image_column, const std::string& label_column) {
  const CsvTable& csv = table.csv;
  const std::size_t image =
      table.kind == Table::Kind::other ? *csv.column(image_column) : *first_column(csv, image_names);
  const LabelColumns label = label_columns(table, label_column);
  std::vector<std::size_t> consumed = label.consumed;
  consumed.push_back(image);
  const FactColumns facts = fact_columns(csv, consumed);
  std::vector<Candidate> candidates;
  for (std::size_t r = 0; r < csv.rows.size(); ++r) {
    Candidate candidate{.name = csv.rows[r][image],
                        .where = fmt::format("{}:{}", table.path.string(), csv.line[r]),
                        .table = table.path};
    candidate.entry.line = csv.line[r];
    read_facts(facts, csv.rows[r], candidate);
    if (candidate.problem.empty()) read_label(table, label, csv.rows[r], candidate);
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

void join_sidecar(const Table& sidecar, std::vector<Candidate>& candidates) {
  const std::size_t image = *first_column(sidecar.csv, image_names);
  const FactColumns facts = fact_columns(sidecar.csv, {image});
  std::unordered_map<std::string, std::size_t> row_of;
  for (std::size_t r = 0; r < sidecar.csv.rows.size(); ++r) row_of.emplace(key_of(sidecar.csv.rows[r][image]), r);
  for (Candidate& candidate : candidates) {
    const auto found = row_of.find(key_of(candidate.name));
    if (found != row_of.end()) read_facts(facts, sidecar.csv.rows[found->second], candidate);
  }
}

}  // namespace naevus::dataset
