#include "naevus/image/quality_words.hpp"

#include <array>

namespace naevus::image {
namespace {

struct Rule {
  QualityFinding finding;
  bool (*broken)(const Quality&, const QualityLimits&);
};

constexpr std::array<Rule, 7> rules{{
    {{"blurred", "too blurred: hold the camera still and focus on the lesion"},
     [](const auto& q, const auto& limit) { return q.sharpness < limit.least_sharpness; }},
    {{"dark", "too dark: use more light"},
     [](const auto& q, const auto& limit) { return q.luma_95 < limit.least_luma_95; }},
    {{"overexposed", "too bright: use less light, or turn the flash away"},
     [](const auto& q, const auto& limit) {
       return q.luma_5 > limit.most_luma_5 || q.clipped_bright > limit.most_clipped_bright;
     }},
    {{"low_contrast", "hardly any contrast: clean the lens and press it to the skin"},
     [](const auto& q, const auto& limit) {
       return q.contrast < limit.least_contrast || q.entropy < limit.least_entropy;
     }},
    {{"compressed", "compressed too strongly: send the camera's own file"},
     [](const auto& q, const auto& limit) { return q.blockiness > limit.most_blockiness; }},
    {{"small_lesion", "the lesion is very small in the picture: come closer"},
     [](const auto& q, const auto& limit) { return q.lesion.found && q.lesion.area < limit.least_lesion_area; }},
    {{"cut_off_lesion", "the picture cuts the lesion off: move back until all of it is seen"},
     [](const auto& q, const auto& limit) { return q.lesion.found && q.lesion.border > limit.most_lesion_border; }},
}};

}  // namespace

std::vector<QualityFinding> quality_findings(const Quality& quality, const QualityLimits& limits) {
  std::vector<QualityFinding> findings;
  for (const Rule& rule : rules)
    if (rule.broken(quality, limits)) findings.push_back(rule.finding);
  return findings;
}

const char* quality_words(std::string_view code) {
  for (const Rule& rule : rules)
    if (code == rule.finding.code) return rule.finding.words;
  return "";
}

}  // namespace naevus::image
