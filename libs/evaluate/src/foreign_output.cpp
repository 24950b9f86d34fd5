#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "naevus/base/progress.hpp"
#include "naevus/base/terminal.hpp"
#include "naevus/evaluate/foreign.hpp"
#include "words.hpp"

namespace naevus::evaluate {
namespace {

using Json = nlohmann::ordered_json;

double share(const Refused& refused) {
  return refused.pictures == 0 ? 0 : static_cast<double>(refused.refused) / static_cast<double>(refused.pictures);
}

std::string refused_text(const char* which, const Refused& refused) {
  return fmt::format("{} of {} {} pictures ({:.1f} %{})", grouped(refused.refused), grouped(refused.pictures), which,
                     100 * share(refused),
                     refused.interval
                         ? fmt::format(" [{:.1f}, {:.1f}]", 100 * refused.interval->low, 100 * refused.interval->high)
                         : "");
}

Json refused_json(const Refused& refused) {
  Json json{{"refused", refused.refused}, {"pictures", refused.pictures}, {"share", share(refused)}};
  json["low"] = refused.interval ? Json(refused.interval->low) : Json(nullptr);
  json["high"] = refused.interval ? Json(refused.interval->high) : Json(nullptr);
  return json;
}

}  // namespace

std::string to_text(const ForeignOutcome& outcome) {
  std::string text = fmt::format("AUROC {} of telling {} foreign pictures from {} own ones by {}\n",
                                 words::estimate({.value = outcome.scores.auroc, .interval = outcome.auroc_interval}),
                                 grouped(outcome.foreign.size()), grouped(outcome.own.size()), outcome.kind);
  text += fmt::format(
      "where 95 % of the own pictures are answered, so are {:.1f} % of the foreign ones (FPR at 95 % TPR)\n",
      100 * outcome.scores.false_positive_rate_at_95);
  if (outcome.limit)
    text += fmt::format("the model's limit {:.4g} refuses {} and {}\n", *outcome.limit,
                        refused_text("foreign", outcome.foreign_refused), refused_text("own", outcome.own_refused));
  else
    text += "the model has no limit: it refuses nothing\n";
  constexpr std::size_t shown = 10;
  const auto likest = outcome.foreign.rbegin();
  text += styled("\nforeign pictures most like its own\n", Style::dim);
  for (std::size_t i = 0; i < std::min(shown, outcome.foreign.size()); ++i) {
    const ForeignPicture& picture = *(likest + static_cast<std::ptrdiff_t>(i));
    text +=
        fmt::format("  {:>10.4g}  {}  {} {:.2f}{}\n", picture.score, picture.file, picture.called, picture.probability,
                    outcome.limit ? (picture.score > *outcome.limit ? "  refused" : "  answered") : "");
  }
  if (!outcome.failures.empty()) text += styled("\nnot scored\n", Style::yellow);
  for (std::size_t i = 0; i < std::min(shown, outcome.failures.size()); ++i)
    text += fmt::format("  {}: {}\n", outcome.failures[i].image, outcome.failures[i].reason);
  if (outcome.failures.size() > shown)
    text += fmt::format("  and {} more (--json names them all)\n", grouped(outcome.failures.size() - shown));
  return text + styled("not a diagnosis", Style::dim) + "\n";
}

std::string to_json(const ForeignOutcome& outcome) {
  Json json{{"source", outcome.model}, {"manifest", outcome.manifest}, {"part", outcome.part},
            {"kind", outcome.kind},    {"own", outcome.own.size()},    {"foreign", outcome.foreign.size()}};
  json["auroc"] = {{"value", outcome.scores.auroc},
                   {"low", outcome.auroc_interval ? Json(outcome.auroc_interval->low) : Json(nullptr)},
                   {"high", outcome.auroc_interval ? Json(outcome.auroc_interval->high) : Json(nullptr)}};
  json["false_positive_rate_at_95"] = outcome.scores.false_positive_rate_at_95;
  json["limit_at_95"] = outcome.scores.limit;
  json["limit"] = outcome.limit ? Json(*outcome.limit) : Json(nullptr);
  if (outcome.limit) {
    json["refused_own"] = refused_json(outcome.own_refused);
    json["refused_foreign"] = refused_json(outcome.foreign_refused);
  }
  json["pictures"] = Json::array();
  for (const ForeignPicture& picture : outcome.foreign)
    json["pictures"].push_back({{"file", picture.file},
                                {"ood_score", picture.score},
                                {"called", picture.called},
                                {"probability", picture.probability}});
  json["failures"] = Json::array();
  for (const Failure& failure : outcome.failures)
    json["failures"].push_back({{"image", failure.image}, {"reason", failure.reason}});
  json["warnings"] = outcome.warnings;
  // Names that are not UTF-8 must not lose the answer.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace naevus::evaluate
