#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "naevus/report/chart.hpp"

namespace naevus::report {

/// A self-contained HTML page: no script, nothing from the network, readable in light, in dark and on paper, with a
/// screen reader and by colour-blind eyes. Everything is shown in the order in which it is added.
///
///   Page page("Training of ham7", "EfficientNet-Lite0 on 4,189 pictures");
///   page.heading("Curves").add(LineChart{.title = "Loss", .x = "epoch", .y = "loss", .series = {{"training", x, y}}});
///   write_file("report.html", page.html());
class Page {
 public:
  /// @param lead  the line below the title; may be empty
  explicit Page(std::string_view title, std::string_view lead = {});

  Page& heading(std::string_view text);
  Page& paragraph(std::string_view text);
  /// Links to all headings of the page, also those to come.
  Page& contents();
  /// On paper, what follows starts on a new page.
  Page& new_page();
  /// A paragraph that stands out; a screen reader calls it a warning.
  Page& warning(std::string_view text);
  /// A bulleted list.
  Page& list(const std::vector<std::string>& items);
  /// Text in its own line breaks, in a fixed-width font (a config, a command).
  Page& preformatted(std::string_view text);
  Page& add(const std::vector<Figure>& figures);
  /// @throws InputError if a series' lengths differ, or those of its dots or intervals
  Page& add(const LineChart& chart);
  Page& add(const BarChart& chart);
  /// @throws InputError if the counts do not fill the rows and columns
  Page& add(const HeatMap& map);
  /// @throws InputError if a row is shorter or longer than the header
  Page& add(const Table& table);
  Page& add(const Gallery& gallery);

  /// The whole page, UTF-8.
  /// @param footer  the last line of the page
  std::string html(std::string_view footer = "Research software. Not a diagnosis.") const;

 private:
  std::string contents_of_headings() const;

  std::string title_, lead_, body_;
  std::vector<std::string> headings_;  // escaped; the first has the id s1
  std::optional<std::size_t> contents_at_;
  int charts_ = 0;  // gives each chart's title and description their ids
};

/// Text made safe for HTML content and quoted attributes: & < > " ' become entities, bytes that are not UTF-8 and
/// control characters become U+FFFD (bidirectional overrides too: a file name can't turn the line around).
std::string escape(std::string_view text);

}  // namespace naevus::report
