#include "card_sections.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "measured_by.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/evaluate/checks.hpp"
#include "words.hpp"

namespace naevus::evaluate {
namespace {

constexpr const char* not_recorded = "not recorded in the model file";

std::string or_not_recorded(const std::string& text) {
  return text.empty() ? not_recorded : text;
}

CardSection titled(std::string title) {
  CardSection section;
  section.title = std::move(title);
  return section;
}

CardSection details(const model::Card& card) {
  CardSection section = titled("Model details");
  section.facts = {{"name", or_not_recorded(card.name)},
                   {"architecture", card.architecture},
                   {"weights before training", or_not_recorded(card.weights_from)},
                   {"licence", or_not_recorded(card.licence)},
                   {"input", fmt::format("RGB picture, {} x {} pixels after the preparation", card.width, card.height)},
                   {"classes", fmt::format("{}", fmt::join(card.classes, ", "))},
                   {"malignant classes",
                    card.malignant.empty() ? "none named" : fmt::format("{}", fmt::join(card.malignant, ", "))}};
  if (!card.adopted_from.empty())
    section.facts.push_back({"trained elsewhere", card.adopted_from + ": how it was trained is not known here"});
  return section;
}

CardSection intended_use(const model::Card& card) {
  CardSection section = titled("Intended use");
  section.paragraphs = {
      "Research, teaching, and the evaluation of skin-lesion classifiers. It is no medical device, and its answers are "
      "not a diagnosis.",
      fmt::format("It divides its whole answer among the {} classes above, whatever the picture shows: a lesion of any "
                  "other kind, and a picture of anything else, gets one of them too.",
                  card.classes.size()),
      "Out of scope: deciding whether a person is to be examined or treated; pictures of another kind than those it "
      "was "
      "trained on (see training data); clinical use without a study of its own."};
  return section;
}

CardSection factors() {
  CardSection section = titled("Factors");
  section.paragraphs = {
      "The model file records no age, sex, skin tone, body site or camera of the people and pictures that it was "
      "trained "
      "on. How its worth varies with them is not known from this card: naevus evaluate shows it where a manifest has "
      "those columns."};
  return section;
}

CardSection preparation(const model::Card& card) {
  CardSection section = titled("Preparation of a picture");
  section.facts = {{"frame", card.frame}};
  for (const auto& [step, value] : card.preparation) section.facts.push_back({step, value});
  const auto channels = [](const std::array<float, 3>& values) {
    return fmt::format("{:g}, {:g}, {:g}", values[0], values[1], values[2]);
  };
  section.facts.push_back({"mean of red, green, blue", channels(card.mean)});
  section.facts.push_back({"standard deviation of red, green, blue", channels(card.std)});
  section.paragraphs = {"Every other step is off. All of them are done by naevus, or stand in the model file itself."};
  return section;
}

CardSection decisions(const model::Card& card) {
  CardSection section = titled("Calibration, thresholds, refusal");
  section.facts = {{"temperature", fmt::format("{:.4g}", card.temperature)},
                   {"calibrated on", or_not_recorded(card.calibrated_on)}};
  if (card.malignant_threshold) {
    section.facts.push_back({"malignant at or above", fmt::format("{:.4g}", *card.malignant_threshold)});
    section.facts.push_back({"chosen by", or_not_recorded(card.malignant_threshold_rule)});
  } else {
    section.facts.push_back({"malignant threshold", "none: naevus calibrate fits one"});
  }
  section.facts.push_back({"refusal score", card.ood_kind == "mahalanobis"
                                                ? "Mahalanobis distance of the embedding to the nearest class"
                                                : "energy of the logits"});
  section.facts.push_back(
      {"refused above", card.ood_limit ? fmt::format("{:.4g}", *card.ood_limit) : "no limit: nothing is refused"});
  return section;
}

CardSection metrics(const model::Card& card) {
  CardSection section = titled("Metrics at training");
  if (card.metrics.empty()) {
    section.paragraphs = {"None stands in the model file."};
    return section;
  }
  section.paragraphs = {
      "As the model file holds them. Validation figures are of pictures that chose the epoch, the temperature or the "
      "threshold: they are too good, and no substitute for a test."};
  CardTable table{"Recorded by training, without intervals", {"metric", "value"}, {}};
  for (const auto& [name, value] : card.metrics)
    table.rows.push_back({name, std::isfinite(value) ? words::number(value) : "–"});
  section.tables = {std::move(table)};
  return section;
}

std::string text_of(const std::optional<MeasuredScore>& score) {
  if (!score) return "–";
  return score->interval.empty() ? words::number(score->value) : words::number(score->value) + " " + score->interval;
}

CardTable table_of(const char* caption, const std::vector<MeasuredScore>& scores) {
  CardTable table{caption, {"score", "value", "interval"}, {}};
  for (const MeasuredScore& score : scores)
    table.rows.push_back({score.name, words::number(score.value), score.interval.empty() ? "–" : score.interval});
  return table;
}

void add_tables(CardSection& section, const MeasuredScores& scores) {
  section.tables.push_back(table_of("All classes together", scores.overall));
  if (!scores.malignant.empty())
    section.tables.push_back(table_of("Malignant classes against the others", scores.malignant));
  CardTable classes{"Each class against the rest", {"class", "pictures", "sensitivity", "specificity", "AUC"}, {}};
  for (const MeasuredScores::OfClass& item : scores.classes)
    classes.rows.push_back(
        {item.name, grouped(item.images), text_of(item.sensitivity), text_of(item.specificity), text_of(item.auc)});
  section.tables.push_back(std::move(classes));
}

/// The evaluation that stands in the model file.
CardSection own_evaluation(const model::Evaluation& own, const std::vector<std::string>& classes) {
  CardSection section = titled("Evaluation");
  const auto checks = [&](const char* verdict) {
    std::vector<std::string> names;
    for (const model::EvaluatedCheck& check : own.checks)
      if (check.verdict == verdict) names.push_back(check_name(check.check));
    return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
  };
  section.facts = {{"pictures", own.of},
                   {"not scored", grouped(own.failed)},
                   {"intervals", own.intervals},
                   {"looked for and not found", checks("passed")},
                   {"not known", checks("unknown")}};
  for (const model::EvaluatedCheck& check : own.checks)
    if (check.verdict == "failed") section.paragraphs.push_back("Warning: " + check.text);
  for (const std::string& warning : own.warnings) section.paragraphs.push_back("Warning: " + warning);
  add_tables(section, measured_by(own, classes));
  return section;
}

CardSection evaluation(const model::Card& card, const std::optional<MeasuredScores>& scores) {
  if (!scores && card.evaluation) return own_evaluation(*card.evaluation, card.classes);
  CardSection section = titled("Evaluation");
  if (!scores) {
    section.paragraphs = {
        "No evaluation stands in the model file (naevus evaluate --model-out puts one there), and none was given to "
        "this card (naevus evaluate --json makes one: name it with --evaluation)."};
    return section;
  }
  section.facts = {
      {"model", scores->model},
      {"manifest", scores->manifest.empty() ? "none: predictions with labels" : scores->manifest},
      {"part", scores->part},
      {"pictures", fmt::format("{} scored, {} could not be", grouped(scores->images), grouped(scores->failed))}};
  if (!scores->intervals.empty()) section.facts.push_back({"intervals", scores->intervals});
  if (scores->part != "test")
    section.paragraphs.push_back(fmt::format("These figures are of the part '{}', not of a test part.", scores->part));
  for (const std::string& warning : scores->warnings) section.paragraphs.push_back("Warning: " + warning);
  add_tables(section, *scores);
  return section;
}

CardSection training_data(const model::Card& card) {
  CardSection section = titled("Training data");
  const auto in = [&](const char* part) {
    return static_cast<std::uint64_t>(
        std::count_if(card.seen.begin(), card.seen.end(), [&](const auto& picture) { return picture.part == part; }));
  };
  section.facts = {{"data", or_not_recorded(card.data)}};
  if (card.seen.empty()) {
    section.facts.push_back({"pictures", not_recorded});
  } else {
    section.facts.push_back({"training pictures", grouped(in("train"))});
    section.facts.push_back({"validation pictures", grouped(in("validation"))});
    section.paragraphs = {
        "The model file lists the hashes of these pictures, so that naevus evaluate finds a copy of one in a test "
        "set."};
  }
  section.verbatim = card.config;
  return section;
}

CardSection limits(const model::Card& card) {
  CardSection section = titled("Ethical considerations and limits");
  section.paragraphs = {
      "Its answers are not a diagnosis. A malignant lesion can be called benign with a high probability.",
      "Pictures of skin are of people: use, keep and share them only as they and the licence allow.",
      fmt::format("Licence of the model: {}.", or_not_recorded(card.licence)),
      "Probabilities mean what they say only for pictures like those that the model was calibrated on; thresholds keep "
      "their sensitivity and specificity only there too."};
  if (!card.ood_limit) section.paragraphs.emplace_back("It refuses nothing: it answers to any picture.");
  return section;
}

}  // namespace

std::vector<CardSection> card_sections(const model::Card& card, const std::optional<MeasuredScores>& scores) {
  return {details(card), intended_use(card),       factors(),           preparation(card), decisions(card),
          metrics(card), evaluation(card, scores), training_data(card), limits(card)};
}

}  // namespace naevus::evaluate
