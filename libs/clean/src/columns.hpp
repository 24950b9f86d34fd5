#pragma once
#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "naevus/base/csv.hpp"
#include "naevus/base/error.hpp"

namespace naevus::clean {

/// Fields of a table's rows by the names of their columns.
class Columns {
 public:
  /// @throws InputError naming the first column that is missing
  Columns(const CsvTable& table, const std::vector<std::string>& names, const std::filesystem::path& path) {
    for (const std::string& name : names) {
      const auto index = table.column(name);
      if (!index) throw InputError(fmt::format("has no column '{}'", name), path.string());
      index_.emplace(name, *index);
    }
  }
  const std::string& operator()(const std::vector<std::string>& row, std::string_view name) const {
    return row[index_.find(name)->second];
  }

 private:
  std::map<std::string, std::size_t, std::less<>> index_;
};

}  // namespace naevus::clean
