#include "answer_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "naevus/base/csv.hpp"
#include "naevus/base/terminal.hpp"
#include "naevus/infer/answer.hpp"

namespace naevus::app {
namespace {

using infer::above_threshold;
using infer::notice;
using infer::ranking;
using infer::top_class;
using infer::unlike_training;

class Table : public AnswerWriter {
 public:
  Table(const model::Card& card, std::size_t name_width) : AnswerWriter(card), name_width_(name_width) {}

  std::string line(const std::string& name, const infer::Outcome& outcome) const override {
    const std::string start = name + std::string(name_width_ - std::min(name_width_, columns(name)), ' ');
    if (const auto* error = std::get_if<Error>(&outcome)) {
      const std::string advice = error->advice().empty() ? "" : " (" + error->advice() + ")";
      return start + "   " + styled("failed: " + error->problem(), Style::red) + advice + "\n";
    }
    const auto& answer = std::get<infer::Answer>(outcome);
    return start + classes(answer) + malignant(answer) +
           (unlike_training(card_, answer)
                ? "   " + styled("unlike the training pictures: do not rely on this answer", Style::yellow)
                : "") +
           fmt::format("   {:.0f} ms      {}\n", answer.seconds * 1000, notice);
  }

 private:
  std::string classes(const infer::Answer& answer) const {
    constexpr std::size_t shown = 3;
    std::string text;
    const auto order = ranking(answer);
    for (std::size_t rank = 0; rank < std::min(shown, order.size()); ++rank)
      text += "   " + styled(fmt::format("{} {:.2f}", card_.classes[order[rank]], answer.probabilities[order[rank]]),
                             rank == 0 ? Style::bold : Style::plain);
    return text + (order.size() > shown ? "   …" : "");
  }

  std::string malignant(const infer::Answer& answer) const {
    if (card_.malignant.empty()) return {};
    std::string text = fmt::format("   malignant {:.2f}", answer.malignant);
    if (!card_.malignant_threshold) return text;
    const bool above = above_threshold(card_, answer);
    return text + " " +
           styled(fmt::format("({} {:.2g})", above ? "above" : "below", *card_.malignant_threshold),
                  above ? Style::yellow : Style::plain);
  }

  std::size_t name_width_;
};

class Json : public AnswerWriter {
 public:
  using AnswerWriter::AnswerWriter;

  std::string line(const std::string& name, const infer::Outcome& outcome) const override {
    nlohmann::ordered_json object{{"image", name}};
    if (const auto* error = std::get_if<Error>(&outcome)) {
      object["error"] = error->problem();
      if (!error->advice().empty()) object["advice"] = error->advice();
    } else {
      object.update(infer::json_of(card_, std::get<infer::Answer>(outcome)));
    }
    return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  }
};

class Csv : public AnswerWriter {
 public:
  using AnswerWriter::AnswerWriter;

  std::string head() const override {
    std::vector<std::string> fields{"image", "predicted"};
    for (const auto& name : card_.classes) fields.push_back("p_" + name);
    for (const char* name : {"malignant", "ood_score", "error"}) fields.emplace_back(name);
    return csv_line(fields);
  }

  std::string line(const std::string& name, const infer::Outcome& outcome) const override {
    std::vector<std::string> fields{name};
    if (const auto* error = std::get_if<Error>(&outcome)) {
      fields.resize(card_.classes.size() + 4);
      fields.push_back(error->problem());
    } else {
      const auto& answer = std::get<infer::Answer>(outcome);
      fields.push_back(card_.classes[top_class(answer)]);
      for (const float p : answer.probabilities) fields.push_back(fmt::format("{}", p));
      fields.push_back(card_.malignant.empty() ? "" : fmt::format("{}", answer.malignant));
      fields.push_back(fmt::format("{}", answer.ood_score));
      fields.emplace_back();
    }
    return csv_line(fields);
  }
};

}  // namespace

std::unique_ptr<AnswerWriter> table_writer(const model::Card& card, std::size_t name_width) {
  return std::make_unique<Table>(card, name_width);
}
std::unique_ptr<AnswerWriter> json_writer(const model::Card& card) {
  return std::make_unique<Json>(card);
}
std::unique_ptr<AnswerWriter> csv_writer(const model::Card& card) {
  return std::make_unique<Csv>(card);
}

}  // namespace naevus::app
