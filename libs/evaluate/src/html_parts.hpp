#pragma once
#include <string>

#include "naevus/evaluate/scores.hpp"
#include "naevus/report/page.hpp"

/// The sections of an evaluation's page, in the order in which they stand.
namespace naevus::evaluate::html {

/// "0.5 [0.4, 0.6]" in two lines, so that a table stays narrow.
std::string two_lines(std::string text);
/// Without lines yet, both axes from 0 to 1.
report::LineChart square_chart(const char* title, const char* x, const char* y);
/// The same for ROC curves, with the diagonal.
report::LineChart roc_chart(const char* title);

void add_classes(report::Page& page, const Evaluation& evaluation);
void add_curves(report::Page& page, const Evaluation& evaluation);
void add_matrix(report::Page& page, const Evaluation& evaluation);
void add_isic(report::Page& page, const Evaluation& evaluation);
void add_decisions(report::Page& page, const Evaluation& evaluation);
void add_calibration(report::Page& page, const Evaluation& evaluation);
void add_refusal(report::Page& page, const Evaluation& evaluation);
void add_subgroups(report::Page& page, const Evaluation& evaluation);
void add_mistakes(report::Page& page, const Evaluation& evaluation);
void add_failures(report::Page& page, const Evaluation& evaluation);

}  // namespace naevus::evaluate::html
