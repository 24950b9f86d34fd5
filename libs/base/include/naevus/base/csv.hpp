#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace naevus {

/// A CSV file with a header line (RFC 4180; UTF-8, a byte order mark and CRLF are understood).
struct CsvTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< each as long as the header
  std::vector<std::size_t> line;               ///< the line that each row starts on in the file, from 1

  /// Index of the column, or nothing.
  std::optional<std::size_t> column(std::string_view name) const;
};

/// Reads a table. Spaces around column names are dropped; empty lines are passed over.
/// @param where  names the source in errors
/// @throws InputError naming the line: no header, a duplicate or empty column name, a row with another number of
/// fields,
///         an unclosed quote, bytes that are not text (a NUL)
CsvTable parse_csv(std::string_view text, const std::string& where);
/// @throws IoError if the file can't be read; InputError as parse_csv
CsvTable read_csv(const std::filesystem::path& path);

/// One line of CSV with its line end ("\n"); fields are quoted where RFC 4180 asks for it.
std::string csv_line(std::span<const std::string> fields);

/// A table as CSV text.
std::string to_csv(const CsvTable& table);

}  // namespace naevus
