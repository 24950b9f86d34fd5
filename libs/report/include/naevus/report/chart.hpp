#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// What a page can show, as plain structs. Texts are plain text (they are escaped); numbers that are not finite are
/// left out.
namespace naevus::report {

/// A range of an axis.
struct Range {
  double low = 0, high = 1;
};

/// One line of a chart.
struct Series {
  std::string name;          ///< in the legend
  std::vector<double> x, y;  ///< of one length; a point that is not finite parts the line
  bool faint = false;        ///< a thin grey line for comparison (the diagonal of a ROC chart), without a legend entry
  /// Dots in place of a line: the radius of each, from 0 to 1 (the largest that there is). Empty: a line.
  std::vector<double> dot = {};
  std::vector<Range> interval = {};  ///< of each y, drawn as an upright bar; empty: none
};

/// Lines over a numeric axis: training curves, ROC curves.
struct LineChart {
  std::string title;
  std::string description;  ///< what a reader who can't see it must know
  std::string x, y;         ///< axis titles
  std::vector<Series> series;
  std::optional<Range> x_range, y_range;  ///< default: what the points need
  bool square = false;                    ///< both axes of one length
};

/// Horizontal bars with an interval each.
struct Bar {
  std::string label;
  double value = 0;
  std::optional<Range> interval;
  std::string text;  ///< beside the bar: "0.74 [0.71, 0.77]"
};
struct BarChart {
  std::string title;
  std::string description;
  Range range;  ///< of the value axis
  std::vector<Bar> bars;
};

/// A table of counts in which the darker cell has the larger share of its row: a confusion matrix.
struct HeatMap {
  std::string caption;
  std::string row_title, column_title;  ///< "true class", "called"
  std::vector<std::string> rows, columns;
  std::vector<double> count;  ///< [rows, columns], row-major, >= 0
};

/// A table of texts. The first column heads its row; what follows a line break in a cell stands small below the rest.
struct Table {
  std::string caption;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< each as long as columns
};

/// Pictures side by side.
struct Picture {
  std::vector<std::byte> jpeg;
  std::string alternative;           ///< for a reader who can't see it
  std::vector<std::string> caption;  ///< lines below it
};
struct Gallery {
  std::vector<Picture> pictures;
  bool wide = false;  ///< each picture is two side by side
};

/// A number that the page opens with.
struct Figure {
  std::string label;  ///< "balanced accuracy"
  std::string value;  ///< "0.748"
  std::string note;   ///< "95 %: 0.712 to 0.781"; may be empty
};

}  // namespace naevus::report
