#pragma once
#include <nlohmann/json.hpp>
#include <vector>

#include "naevus/image/quality_words.hpp"
#include "naevus/infer/answer.hpp"
#include "source.hpp"

namespace naevus::watch {

/// What is said of a frame.
struct Look {
  infer::Answer answer;
  std::vector<image::QualityFinding> findings;
};

/// The frame's square, measured, prepared and classified as `naevus predict` and the server do it.
Look look_at(const infer::Classifier& classifier, const image::Image& picture);

/// As `naevus predict --json` tells it, and what is wrong with the picture as the server tells it.
nlohmann::ordered_json json_of(const model::Card& card, const Look& look);

}  // namespace naevus::watch
