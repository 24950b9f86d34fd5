#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "naevus/model/card.hpp"

// A model card for people (Mitchell et al. 2019, Model Cards for Model Reporting): what the card in the model file
// holds, and, where given, what an evaluation measured. Nothing is said of a model's worth that was not measured.
namespace naevus::evaluate {

/// One measured score.
struct MeasuredScore {
  std::string name;  ///< "balanced accuracy"
  double value = 0;
  std::string interval;  ///< "[0.712, 0.781]"; may be empty
};

/// What `naevus evaluate --json` wrote, as far as a card tells it.
struct MeasuredScores {
  std::string file;      ///< where it was read from
  std::string model;     ///< that was evaluated, as the file names it
  std::string manifest;  ///< may be empty
  std::string part;      ///< "test", ...
  std::uint64_t images = 0, failed = 0;
  std::string intervals;                 ///< how they were made; may be empty
  std::vector<MeasuredScore> overall;    ///< of all classes together
  std::vector<MeasuredScore> malignant;  ///< malignant classes against the others
  struct OfClass {
    std::string name;
    std::uint64_t images = 0;
    std::optional<MeasuredScore> sensitivity, specificity, auc;
  };
  std::vector<OfClass> classes;
  std::vector<std::string> warnings;  ///< what its readers were told first
};

/// @throws IoError; InputError if it is no such file, or of a model of other classes than the card's
MeasuredScores read_evaluation(const std::filesystem::path& path, const model::Card& card);

/// @param scores  nothing: the card says that it has none
std::string card_markdown(const model::Card& card, const std::optional<MeasuredScores>& scores);
/// The same as a self-contained page.
std::string card_html(const model::Card& card, const std::optional<MeasuredScores>& scores);

}  // namespace naevus::evaluate
