#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "answer_text.hpp"
#include "naevus/base/log.hpp"

namespace naevus::app {
namespace {

class Submission : public AnswerWriter {
 public:
  Submission(const model::Card& card, dataset::Challenge challenge)
      : AnswerWriter(card), writer_(challenge, card.classes, card.malignant) {
    if (!writer_.empty_columns().empty())
      log::warning(
          fmt::format("the model has no class for {}: 0 is written", fmt::join(writer_.empty_columns(), ", ")));
  }

  std::string head() const override { return writer_.head(); }

  std::string line(const std::string& name, const infer::Outcome& outcome) const override {
    if (const auto* error = std::get_if<Error>(&outcome)) {
      log::warning(fmt::format("{}: {}: it has no row", name, error->problem()));
      return {};
    }
    const auto& given = std::get<infer::Answer>(outcome).probabilities;
    return writer_.line(name, std::vector<double>(given.begin(), given.end()));
  }

 private:
  dataset::SubmissionWriter writer_;
};

}  // namespace

std::unique_ptr<AnswerWriter> submission_writer(const model::Card& card, dataset::Challenge challenge) {
  return std::make_unique<Submission>(card, challenge);
}

}  // namespace naevus::app
