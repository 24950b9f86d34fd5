#include "answer_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "naevus/base/csv.hpp"
#include "naevus/base/terminal.hpp"

namespace naevus::app {
namespace {

constexpr const char* notice = "not a diagnosis";

bool unlike_training(const model::Card& card, const infer::Answer& answer) {
  return card.ood_limit && static_cast<double>(answer.ood_score) > *card.ood_limit;
}

bool above_threshold(const model::Card& card, const infer::Answer& answer) {
  return card.malignant_threshold && answer.malignant >= *card.malignant_threshold;
}

/// Classes by falling probability.
std::vector<std::size_t> ranking(const infer::Answer& answer) {
  std::vector<std::size_t> order(answer.probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return answer.probabilities[a] > answer.probabilities[b]; });
  return order;
}

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
      fill(object, std::get<infer::Answer>(outcome));
    }
    return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  }

 private:
  void fill(nlohmann::ordered_json& object, const infer::Answer& answer) const {
    object["predicted"] = card_.classes[top_class(answer)];
    auto& probabilities = object["probabilities"] = nlohmann::ordered_json::object();
    for (const std::size_t i : ranking(answer)) probabilities[card_.classes[i]] = answer.probabilities[i];
    if (!card_.malignant.empty()) object["malignant"] = answer.malignant;
    if (card_.malignant_threshold) {
      object["malignant_threshold"] = *card_.malignant_threshold;
      object["above_threshold"] = above_threshold(card_, answer);
    }
    object["ood_score"] = answer.ood_score;
    if (card_.ood_limit) {
      object["ood_limit"] = *card_.ood_limit;
      object["unlike_training"] = unlike_training(card_, answer);
    }
    object["milliseconds"] = answer.seconds * 1000;
    object["model"] = card_.name;
    object["notice"] = notice;
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

std::size_t top_class(const infer::Answer& answer) {
  const auto& p = answer.probabilities;
  return static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
}

}  // namespace naevus::app
