#include "naevus/base/csv.hpp"

#include <csv.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"

namespace naevus {
namespace {

struct Reader {
  std::string where;
  CsvTable table;
  std::vector<std::string> fields;
  std::size_t line = 1;      // of the byte being parsed
  std::size_t row_line = 1;  // where the row at hand starts

  std::string place() const { return fmt::format("{}:{}", where, row_line); }
};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

void take_header(Reader& reader) {
  std::set<std::string> seen;
  for (std::string& name : reader.fields) {
    name = trimmed(name);
    if (name.empty())
      throw InputError(fmt::format("column {} has no name", seen.size() + 1), reader.place(), "name it in the header");
    if (!seen.insert(name).second)
      throw InputError(fmt::format("the column '{}' stands twice", name), reader.place(),
                       "rename or remove one of them");
  }
  reader.table.header = std::move(reader.fields);
}

void take_row(Reader& reader) {
  const std::size_t expected = reader.table.header.size(), got = reader.fields.size();
  if (got != expected)
    throw InputError(fmt::format("the row has {} fields, the header {}", got, expected), reader.place(),
                     "quote fields that hold a comma");
  reader.table.rows.push_back(std::move(reader.fields));
  reader.table.line.push_back(reader.row_line);
}

void on_field(void* data, std::size_t size, void* reader) {
  static_cast<Reader*>(reader)->fields.emplace_back(static_cast<const char*>(data), size);
}

void on_row(int, void* context) {
  Reader& reader = *static_cast<Reader*>(context);
  if (reader.table.header.empty())
    take_header(reader);
  else
    take_row(reader);
  reader.fields.clear();
}

bool needs_quotes(std::string_view field) {
  return field.find_first_of(",\"\r\n") != std::string_view::npos;
}

}  // namespace

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header.begin());
}

CsvTable parse_csv(std::string_view text, const std::string& where) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.find('\0') != std::string_view::npos)
    throw InputError("is not a text file", where, "save the table as CSV in UTF-8");
  csv_parser parser{};
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) throw Error("the CSV reader can't start");
  const std::unique_ptr<csv_parser, void (*)(csv_parser*)> guard(&parser, csv_free);
  // Fields keep their spaces; libcsv would trim them.
  csv_set_space_func(&parser, [](unsigned char) { return 0; });
  Reader reader{.where = where};
  // Line by line, so that a row knows its line; a quoted field may go on over several.
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    if (reader.fields.empty() && parser.quoted == 0) reader.row_line = reader.line;
    const std::size_t size = end - begin;
    if (csv_parse(&parser, text.data() + begin, size, on_field, on_row, &reader) != size)
      throw InputError(fmt::format("a quote is out of place ({})", csv_strerror(csv_error(&parser))), reader.place(),
                       "double the quotes inside a quoted field");
    ++reader.line;
    begin = end;
  }
  if (csv_fini(&parser, on_field, on_row, &reader) != 0)
    throw InputError("a quoted field is never closed", reader.place());
  if (reader.table.header.empty()) throw InputError("is empty", where, "the first line must name the columns");
  return std::move(reader.table);
}

CsvTable read_csv(const std::filesystem::path& path) {
  return parse_csv(read_text(path), path.string());
}

std::string csv_line(std::span<const std::string> fields) {
  if (fields.size() == 1 && fields[0].empty()) return "\"\"\n";  // an empty line would be passed over
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) line += ',';
    if (!needs_quotes(fields[i])) {
      line += fields[i];
      continue;
    }
    line += '"';
    for (const char c : fields[i]) {
      if (c == '"') line += '"';
      line += c;
    }
    line += '"';
  }
  return line + '\n';
}

std::string to_csv(const CsvTable& table) {
  std::string text = csv_line(table.header);
  for (const auto& row : table.rows) text += csv_line(row);
  return text;
}

}  // namespace naevus
