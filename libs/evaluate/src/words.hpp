#pragma once
#include <optional>
#include <string>

#include "naevus/evaluate/scores.hpp"

/// How scores read in a terminal and on a page.
namespace naevus::evaluate::words {

std::string number(double value, int decimals = 3);
/// "0.748", or "–".
std::string number(const std::optional<double>& value);
/// "[0.712, 0.781]", or nothing.
std::string interval(const std::optional<metrics::Interval>& interval);
/// "0.748 [0.712, 0.781]", or "–".
std::string estimate(const Estimate& estimate);
std::string estimate(double value, const std::optional<metrics::Interval>& interval);
/// "1,196 pictures of the part 'test', 3 could not be scored".
std::string counts(const Evaluation& evaluation);
/// How the intervals were made.
std::string method(const Evaluation& evaluation);
/// What balanced accuracy is over.
std::string present(const Evaluation& evaluation);
/// One class's row: support, precision, sensitivity, specificity, F1, AUC; "–" for what is zero by definition alone.
std::vector<std::string> class_row(const ClassResult& result, bool with_intervals);
/// The sentences on malignant against benign.
std::vector<std::string> malignancy(const Evaluation& evaluation);
/// The sentence on the positive class of two.
std::string positive(const Evaluation& evaluation);

}  // namespace naevus::evaluate::words
