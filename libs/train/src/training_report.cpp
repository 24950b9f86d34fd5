#include "training_report.hpp"

#include <fmt/format.h>

#include "naevus/base/progress.hpp"
#include "naevus/metrics/confusion.hpp"
#include "naevus/report/page.hpp"

namespace naevus::train {
namespace {

using report::LineChart;
using report::Series;

Series series(const char* name, const std::vector<EpochRow>& rows, double EpochRow::* field) {
  Series line{.name = name};
  for (const auto& row : rows) {
    line.x.push_back(row.epoch);
    line.y.push_back(row.*field);
  }
  return line;
}

report::HeatMap matrix_of(const Session& session, const Evaluation& validation) {
  const auto called = metrics::most_likely(validation.logits, session.classes());
  const auto matrix = metrics::confusion_matrix(validation.truth, called, session.classes());
  report::HeatMap map{.caption = "Validation part, best epoch",
                      .row_title = "true class",
                      .column_title = "called",
                      .rows = session.data().classes,
                      .columns = session.data().classes};
  for (const auto count : matrix.count) map.count.push_back(static_cast<double>(count));
  return map;
}

}  // namespace

std::string training_report(const Session& session, const Checkpoint& checkpoint, const model::Card& card,
                            const Evaluation& validation) {
  const auto& p = checkpoint.position;
  const auto& data = session.data();
  report::Page page(fmt::format("Training of {}", card.name),
                    fmt::format("{} on {} pictures of {} classes, validated on {}", card.architecture,
                                grouped(data.train.size()), data.classes.size(), grouped(data.validation.size())));
  page.add(std::vector<report::Figure>{
      {"balanced accuracy", fmt::format("{:.3f}", p.best_balanced_accuracy), "validation part"},
      {"macro AUC", fmt::format("{:.3f}", p.best_macro_auc), "validation part"},
      {"best epoch", fmt::format("{}", p.best_epoch), fmt::format("of {}", p.epoch)},
      {"time", duration_text(p.seconds), ""}});
  page.paragraph(
      "These scores chose the best epoch, the temperature and the threshold, so they flatter the model. What it is "
      "worth, "
      "the test part says: naevus evaluate.");
  page.heading("Curves");
  page.add(LineChart{.title = "Loss",
                     .description = "Mean loss of training and validation after each epoch",
                     .x = "epoch",
                     .y = "loss",
                     .series = {series("training", p.rows, &EpochRow::train_loss),
                                series("validation", p.rows, &EpochRow::validation_loss)}});
  page.add(LineChart{.title = "Scores on the validation part",
                     .description = "Balanced accuracy and macro AUC after each epoch",
                     .x = "epoch",
                     .y = "score",
                     .series = {series("balanced accuracy", p.rows, &EpochRow::balanced_accuracy),
                                series("macro AUC", p.rows, &EpochRow::macro_auc)}});
  page.add(LineChart{.title = "Learning rate",
                     .description = "At the end of each epoch",
                     .x = "epoch",
                     .y = "learning rate",
                     .series = {series("learning rate", p.rows, &EpochRow::learning_rate)}});
  page.heading("Confusion").add(matrix_of(session, validation));
  page.heading("Config").preformatted(checkpoint.config);
  return page.html();
}

}  // namespace naevus::train
