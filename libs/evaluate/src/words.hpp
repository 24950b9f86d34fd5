#pragma once
#include <optional>
#include <string>
#include <vector>

#include "naevus/evaluate/scores.hpp"

/// The sentences and numbers that the terminal and the page share.
namespace naevus::evaluate::words {

/// "0.748".
std::string number(double value, int decimals = 3);
/// "0.748", or "–".
std::string number(const std::optional<double>& value);
/// "[0.712, 0.781]", or nothing.
std::string interval(const std::optional<metrics::Interval>& interval);
/// "0.748 [0.712, 0.781]", or "–".
std::string estimate(const Estimate& estimate);
/// "74.8 % [71.2, 78.1]", or "–".
std::string percent(const Estimate& estimate);
/// "1,196 pictures of the part 'test', 3 could not be scored".
std::string counts(const Evaluation& evaluation);
/// "597 pictures of split.csv, part validation".
std::string pictures(const Predictions& predictions);
/// The same with ", manifest " and the hash of that file. @throws IoError if it can't be read
std::string pictures_with_hash(const Predictions& predictions);
/// "95 % intervals, proportions by Wilson, ...".
std::string intervals(const Evaluation& evaluation);
/// The same as a key to "[low, high]".
std::string method(const Evaluation& evaluation);
/// What balanced accuracy is over.
std::string present(const Evaluation& evaluation);
/// One class's row: support, precision, sensitivity, specificity, F1, AUC; "–" for what is zero by definition alone.
std::vector<std::string> class_row(const ClassResult& result, bool with_intervals);
/// "isic2018 ranks by balanced accuracy: 0.748 [0.712, 0.781]"; empty for what was handed in to no challenge.
std::string challenge(const Evaluation& evaluation);
/// The sentences on malignant against benign.
std::vector<std::string> malignancy(const Evaluation& evaluation);
/// The sentence on the positive class of two.
std::string positive(const Evaluation& evaluation);
/// Whether the probabilities mean what they say.
std::string calibration(const Evaluation& evaluation);
/// What the prediction sets hold; empty without any.
std::string sets(const Evaluation& evaluation);
/// What is refused, and what that is worth.
std::string refusal(const Evaluation& evaluation);
/// "clearest of 27 gaps between groups: sensitivity by sex: 0.720 (male) against 0.910 (female), difference 0.190
/// [0.050, 0.330]", for the three gaps that are farthest from 0 for sure.
std::vector<std::string> gaps(const Evaluation& evaluation);
/// "lesions across parts: 3 of the pictures …", for each check that failed.
std::vector<std::string> failed_checks(const std::vector<Check>& checks);
/// Names of the checks with that verdict, joined.
std::string check_names(const std::vector<Check>& checks, Verdict verdict);
/// "balanced accuracy", ...
std::string score_name(GroupScore score);

}  // namespace naevus::evaluate::words
