#include "naevus/report/page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "draw.hpp"
#include "naevus/base/error.hpp"
#include "style.hpp"

namespace naevus::report {
namespace {

std::string base64(const std::vector<std::byte>& bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  const auto at = [&](std::size_t i) { return i < bytes.size() ? std::to_integer<unsigned>(bytes[i]) : 0U; };
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const unsigned group = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    text += digits[group >> 18];
    text += digits[group >> 12 & 63];
    text += i + 1 < bytes.size() ? digits[group >> 6 & 63] : '=';
    text += i + 2 < bytes.size() ? digits[group & 63] : '=';
  }
  return text;
}

/// Whether a cell holds a number, a share, an interval, a dash or an arrow that marks one: those stand at the right.
bool is_numeric(std::string_view text) {
  return text.find_first_not_of("0123456789.,%+-–−[]()↑↓ \n") == std::string_view::npos;
}

std::string cell(std::string_view text) {
  constexpr std::size_t word = 12;  // bytes that stand in one line, so that a long neighbour does not part them
  const std::string_view kind = is_numeric(text)      ? ""
                                : text.size() <= word ? " class=\"text short\""
                                                      : " class=\"text\"";
  std::string content = escape(text);
  if (const auto end = content.find('\n'); end != std::string::npos)
    content = fmt::format("{}<br><small>{}</small>", content.substr(0, end), content.substr(end + 1));
  return fmt::format("<td{}>{}</td>", kind, content);
}

bool holds_text(const Table& table, std::size_t column) {
  return std::any_of(table.rows.begin(), table.rows.end(),
                     [column](const auto& row) { return column < row.size() && !is_numeric(row[column]); });
}

}  // namespace

Page::Page(std::string_view title, std::string_view lead) : title_(title), lead_(lead) {}

Page& Page::heading(std::string_view text) {
  headings_.push_back(escape(text));
  body_ += fmt::format("<h2 id=\"s{}\">{}</h2>\n", headings_.size(), headings_.back());
  return *this;
}

Page& Page::paragraph(std::string_view text) {
  body_ += fmt::format("<p>{}</p>\n", escape(text));
  return *this;
}

Page& Page::contents() {
  contents_at_ = body_.size();
  return *this;
}

Page& Page::new_page() {
  body_ += "<div class=\"new-page\"></div>\n";
  return *this;
}

Page& Page::warning(std::string_view text) {
  body_ += fmt::format("<p class=\"warning\" role=\"note\"><b>Warning:</b> {}</p>\n", escape(text));
  return *this;
}

Page& Page::list(const std::vector<std::string>& items) {
  body_ += "<ul>\n";
  for (const std::string& item : items) body_ += fmt::format("<li>{}</li>\n", escape(item));
  body_ += "</ul>\n";
  return *this;
}

Page& Page::preformatted(std::string_view text) {
  body_ += fmt::format("<pre tabindex=\"0\">{}</pre>\n", escape(text));
  return *this;
}

Page& Page::add(const std::vector<Figure>& figures) {
  body_ += "<dl class=\"numbers\">\n";
  for (const Figure& figure : figures) {
    body_ += fmt::format("<div><dt>{}</dt><dd>{}</dd>", escape(figure.label), escape(figure.value));
    if (!figure.note.empty()) body_ += fmt::format("<dd>{}</dd>", escape(figure.note));
    body_ += "</div>\n";
  }
  body_ += "</dl>\n";
  return *this;
}

Page& Page::add(const LineChart& chart) {
  body_ += draw(chart, ++charts_);
  return *this;
}

Page& Page::add(const BarChart& chart) {
  body_ += draw(chart, ++charts_);
  return *this;
}

Page& Page::add(const HeatMap& map) {
  body_ += draw(map);
  return *this;
}

Page& Page::add(const Table& table) {
  body_ += fmt::format("<div class=\"scroll\" tabindex=\"0\"><table><caption>{}</caption>\n<thead><tr>",
                       escape(table.caption));
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    body_ += fmt::format("<th scope=\"col\"{}>{}</th>", holds_text(table, i) ? " class=\"text\"" : "",
                         escape(table.columns[i]));
  body_ += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    if (row.size() != table.columns.size()) throw InputError("a table's row does not fit its header", table.caption);
    body_ += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i)
      body_ += i == 0 ? fmt::format("<th scope=\"row\">{}</th>", escape(row[i])) : cell(row[i]);
    body_ += "</tr>\n";
  }
  body_ += "</tbody></table></div>\n";
  return *this;
}

Page& Page::add(const Gallery& gallery) {
  body_ += fmt::format("<div class=\"gallery{}\">\n", gallery.wide ? " pairs" : "");
  for (const Picture& picture : gallery.pictures) {
    body_ += fmt::format("<figure tabindex=\"0\"><img alt=\"{}\" src=\"data:image/jpeg;base64,{}\"><figcaption>",
                         escape(picture.alternative), base64(picture.jpeg));
    for (const std::string& line : picture.caption) body_ += fmt::format("<span>{}</span>", escape(line));
    body_ += "</figcaption></figure>\n";
  }
  body_ += "</div>\n";
  return *this;
}

std::string Page::contents_of_headings() const {
  std::string text = "<nav aria-label=\"Contents\"><ul>\n";
  for (std::size_t i = 0; i < headings_.size(); ++i)
    text += fmt::format("<li><a href=\"#s{}\">{}</a></li>\n", i + 1, headings_[i]);
  return text + "</ul></nav>\n";
}

std::string Page::html(std::string_view footer) const {
  std::string body = body_;
  if (contents_at_) body.insert(*contents_at_, contents_of_headings());
  std::string text = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "
      "'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{0}</title>\n<style>\n{1}</style>\n</head>\n"
      "<body>\n<header><h1>{0}</h1>\n",
      escape(title_), style_sheet());
  if (!lead_.empty()) text += fmt::format("<p class=\"lead\">{}</p>\n", escape(lead_));
  return text + "</header>\n<main>\n" + body +
         fmt::format("</main>\n<footer>{}</footer>\n</body>\n</html>\n", escape(footer));
}

}  // namespace naevus::report
