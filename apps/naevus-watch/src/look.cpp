#include "look.hpp"

#include <chrono>

namespace naevus::watch {

Look look_at(const infer::Classifier& classifier, const image::Image& picture) {
  const auto begin = std::chrono::steady_clock::now();
  const image::Image square = cut(picture, square_of(picture));
  Look look{.findings = image::quality_findings(image::measure_quality(square))};
  const image::Image prepared = image::prepare(square, classifier.preparation());
  look.answer = classifier.classify({&prepared, 1}).front();
  look.answer.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return look;
}

nlohmann::ordered_json json_of(const model::Card& card, const Look& look) {
  auto object = infer::json_of(card, look.answer);
  auto findings = nlohmann::ordered_json::array();
  for (const auto& one : look.findings) findings.push_back({{"code", one.code}, {"words", one.words}});
  object["quality"] = {{"good", look.findings.empty()}, {"findings", std::move(findings)}};
  return object;
}

}  // namespace naevus::watch
