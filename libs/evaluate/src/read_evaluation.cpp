#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/evaluate/model_card.hpp"

namespace naevus::evaluate {
namespace {

using Json = nlohmann::json;

std::string text(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::uint64_t count(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

std::string interval_text(const Json& json) {
  const auto low = json.find("low"), high = json.find("high");
  if (low == json.end() || high == json.end() || !low->is_number() || !high->is_number()) return {};
  return fmt::format("[{:.3f}, {:.3f}]", low->get<double>(), high->get<double>());
}

/// What made an interval, where it is told beside it.
std::string method_text(const std::string& method) {
  return method.empty() || method == "none" ? std::string() : " (" + method + ")";
}

/// A key that holds a number, or {value, low, high}.
std::optional<MeasuredScore> score_at(const Json& json, const char* key, std::string name) {
  const auto found = json.find(key);
  if (found == json.end()) return std::nullopt;
  const Json& value = found->is_object() ? found->value("value", Json()) : *found;
  if (!value.is_number()) return std::nullopt;
  MeasuredScore score{std::move(name), value.get<double>(), found->is_object() ? interval_text(*found) : ""};
  if (!score.interval.empty()) score.interval += method_text(text(*found, "method"));
  return score;
}

void add(std::vector<MeasuredScore>& scores, std::optional<MeasuredScore> score) {
  if (score) scores.push_back(std::move(*score));
}

/// A number whose interval may stand under `intervals`, and what made it under `methods`.
std::optional<MeasuredScore> with_interval(const Json& json, const char* key, std::string name) {
  std::optional<MeasuredScore> score = score_at(json, key, std::move(name));
  const auto intervals = json.find("intervals");
  if (!score || intervals == json.end() || !intervals->is_object()) return score;
  const auto found = intervals->find(key);
  if (found == intervals->end() || !found->is_object()) return score;
  const auto methods = json.find("methods");
  const std::string method =
      methods != json.end() && methods->is_object() ? text(*methods, key) : text(*found, "method");
  if (const std::string limits = interval_text(*found); !limits.empty()) score->interval = limits + method_text(method);
  return score;
}

std::vector<MeasuredScore> malignant_scores(const Json& json) {
  std::vector<MeasuredScore> scores;
  const auto found = json.find("malignant");
  if (found == json.end() || !found->is_object()) return scores;
  add(scores, score_at(*found, "auc", "AUC"));
  const auto point = found->find("at_threshold");
  if (point == found->end() || !point->is_object()) return scores;
  add(scores, with_interval(*point, "sensitivity", "sensitivity at the model's threshold"));
  add(scores, with_interval(*point, "specificity", "specificity at the model's threshold"));
  return scores;
}

std::string how_intervals_were_made(const Json& json) {
  const auto found = json.find("interval");
  if (found == json.end() || !found->is_object() || text(*found, "method").empty()) return {};
  std::string line = text(*found, "method");
  if (const auto level = found->find("level"); level != found->end() && level->is_number())
    line = fmt::format("{:g} %, {}", 100 * level->get<double>(), line);
  if (const std::uint64_t resamples = count(*found, "resamples"); resamples > 0)
    line += fmt::format(", {} resamples of {} {}", grouped(resamples), grouped(count(*found, "units")),
                        text(*found, "resampled"));
  return line;
}

/// A class' sensitivity of no cases and its like are 0 by definition, and say nothing.
bool says_something(const Json& item, const std::string& score) {
  const auto found = item.find("zero_by_definition");
  return found == item.end() || !found->is_array() || std::find(found->begin(), found->end(), score) == found->end();
}

std::vector<MeasuredScores::OfClass> class_scores(const Json& json, const model::Card& card) {
  std::vector<MeasuredScores::OfClass> classes;
  const auto table = json.find("per_class");
  if (table == json.end() || !table->is_object()) return classes;
  for (const std::string& name : card.classes) {
    const auto item = table->find(name);
    if (item == table->end() || !item->is_object()) continue;
    MeasuredScores::OfClass scores{
        .name = name, .images = count(*item, "support"), .sensitivity = {}, .specificity = {}, .auc = {}};
    if (says_something(*item, "recall")) scores.sensitivity = with_interval(*item, "recall", "sensitivity");
    if (says_something(*item, "specificity")) scores.specificity = with_interval(*item, "specificity", "specificity");
    scores.auc = with_interval(*item, "auc", "AUC");
    classes.push_back(std::move(scores));
  }
  return classes;
}

void check_classes(const Json& json, const model::Card& card, const std::string& where) {
  const auto found = json.find("classes");
  std::vector<std::string> classes;
  if (found != json.end() && found->is_array())
    for (const Json& name : *found)
      if (name.is_string()) classes.push_back(name.get<std::string>());
  std::sort(classes.begin(), classes.end());
  if (classes != card.classes)
    throw InputError(fmt::format("is an evaluation of the classes {}, and the model has {}", fmt::join(classes, ", "),
                                 fmt::join(card.classes, ", ")),
                     where, "evaluate this model: naevus evaluate model.onnx manifest.csv --json");
}

/// What was found against the figures, which its readers were told before them.
void add_failed_checks(const Json& json, std::vector<std::string>& warnings) {
  const auto checks = json.find("checks");
  if (checks == json.end() || !checks->is_array()) return;
  for (const Json& check : *checks)
    if (check.is_object() && text(check, "verdict") == "failed") warnings.push_back(text(check, "text"));
}

}  // namespace

MeasuredScores read_evaluation(const std::filesystem::path& path, const model::Card& card) {
  const Json json = Json::parse(read_text(path), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("balanced_accuracy") || !json.contains("classes"))
    throw InputError("is no evaluation", path.string(), "make one: naevus evaluate model.onnx manifest.csv --json");
  check_classes(json, card, path.string());
  MeasuredScores scores{.file = path.string(),
                        .model = text(json, "source"),
                        .manifest = text(json, "manifest"),
                        .part = text(json, "part"),
                        .images = count(json, "images"),
                        .failed = count(json, "failed"),
                        .intervals = how_intervals_were_made(json),
                        .overall = {},
                        .malignant = malignant_scores(json),
                        .classes = class_scores(json, card),
                        .warnings = {}};
  for (const auto& [key, name] : {std::pair("balanced_accuracy", "balanced accuracy"),
                                  {"macro_auc", "macro AUC"},
                                  {"accuracy", "accuracy"},
                                  {"log_loss", "log loss"},
                                  {"brier_score", "Brier score"},
                                  {"calibration_error", "expected calibration error"}})
    add(scores.overall, with_interval(json, key, name));
  add_failed_checks(json, scores.warnings);
  if (const auto warnings = json.find("warnings"); warnings != json.end() && warnings->is_array())
    for (const Json& warning : *warnings)
      if (warning.is_string()) scores.warnings.push_back(warning.get<std::string>());
  return scores;
}

}  // namespace naevus::evaluate
