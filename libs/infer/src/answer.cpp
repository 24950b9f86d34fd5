#include "naevus/infer/answer.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

namespace naevus::infer {

std::size_t top_class(const Answer& answer) {
  const auto& p = answer.probabilities;
  return static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
}

std::vector<std::size_t> ranking(const Answer& answer) {
  std::vector<std::size_t> order(answer.probabilities.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return answer.probabilities[a] > answer.probabilities[b]; });
  return order;
}

bool unlike_training(const model::Card& card, const Answer& answer) {
  return card.ood_limit && static_cast<double>(answer.ood_score) > *card.ood_limit;
}

bool above_threshold(const model::Card& card, const Answer& answer) {
  return card.malignant_threshold && answer.malignant >= *card.malignant_threshold;
}

nlohmann::ordered_json json_of(const model::Card& card, const Answer& answer) {
  nlohmann::ordered_json object;
  object["predicted"] = card.classes[top_class(answer)];
  auto& probabilities = object["probabilities"] = nlohmann::ordered_json::object();
  for (const std::size_t i : ranking(answer)) probabilities[card.classes[i]] = answer.probabilities[i];
  if (!card.malignant.empty()) object["malignant"] = answer.malignant;
  if (card.malignant_threshold) {
    object["malignant_threshold"] = *card.malignant_threshold;
    object["above_threshold"] = above_threshold(card, answer);
  }
  object["ood_score"] = answer.ood_score;
  if (card.ood_limit) {
    object["ood_limit"] = *card.ood_limit;
    object["unlike_training"] = unlike_training(card, answer);
  }
  object["milliseconds"] = answer.seconds * 1000;
  object["model"] = card.name;
  object["notice"] = notice;
  return object;
}

}  // namespace naevus::infer
