#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "draw.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/report/page.hpp"

namespace naevus::report {

std::string draw(const HeatMap& map) {
  const std::size_t columns = map.columns.size();
  if (map.count.size() != map.rows.size() * columns) throw InputError("the counts do not fill the table", map.caption);
  std::string html = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\"><table class=\"heat\"><caption>{}</caption>\n<thead><tr><th "
      "scope=\"col\">{} "
      "\xE2\x86\x93&ensp;{} \xE2\x86\x92</th>",
      escape(map.caption), escape(map.row_title), escape(map.column_title));
  for (const std::string& name : map.columns) html += fmt::format("<th scope=\"col\">{}</th>", escape(name));
  html += "</tr></thead>\n<tbody>\n";
  for (std::size_t i = 0; i < map.rows.size(); ++i) {
    const auto row = map.count.begin() + static_cast<std::ptrdiff_t>(i * columns);
    const double sum = std::accumulate(row, row + static_cast<std::ptrdiff_t>(columns), 0.0);
    html += fmt::format("<tr><th scope=\"row\">{}</th>", escape(map.rows[i]));
    for (std::size_t j = 0; j < columns; ++j) {
      const double count = map.count[i * columns + j], share = sum > 0 ? count / sum : 0;
      html += fmt::format("<td{} style=\"--share:{:.3f}\">{}", map.rows[i] == map.columns[j] ? " class=\"right\"" : "",
                          0.9 * share, grouped(static_cast<std::uint64_t>(std::llround(count))));
      html += sum > 0 ? fmt::format("<small>{:.0f} %</small></td>", 100 * share) : "</td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

}  // namespace naevus::report
