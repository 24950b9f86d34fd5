#include <fmt/format.h>

#include <algorithm>

#include "html_parts.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/image/encode.hpp"

namespace naevus::evaluate::html {
namespace {

constexpr std::size_t mistakes_shown = 24, failures_shown = 200;

/// Cases called wrong, the least probability of the truth first.
std::vector<std::size_t> mistakes(const Evaluation& evaluation) {
  const Predictions& predictions = evaluation.predictions;
  const auto share_of_truth = [&](std::size_t i) {
    return predictions
        .probabilities[i * predictions.classes.size() + static_cast<std::size_t>(predictions.cases[i].truth)];
  };
  std::vector<std::size_t> wrong;
  for (std::size_t i = 0; i < predictions.cases.size(); ++i)
    if (evaluation.called[i] != predictions.cases[i].truth) wrong.push_back(i);
  std::stable_sort(wrong.begin(), wrong.end(),
                   [&](std::size_t a, std::size_t b) { return share_of_truth(a) < share_of_truth(b); });
  return wrong;
}

}  // namespace

void add_mistakes(report::Page& page, const Evaluation& evaluation) {
  const Predictions& predictions = evaluation.predictions;
  const std::vector<std::size_t> wrong = mistakes(evaluation);
  page.heading("Worst mistakes");
  if (wrong.empty()) {
    page.paragraph("None: every picture was called right.");
    return;
  }
  page.paragraph(fmt::format(
      "{} of {} pictures were called wrong; the {} with the least probability of the truth:", grouped(wrong.size()),
      grouped(predictions.cases.size()), std::min(wrong.size(), mistakes_shown)));
  report::Gallery gallery;
  std::vector<std::string> without_picture;
  for (std::size_t k = 0; k < std::min(wrong.size(), mistakes_shown); ++k) {
    const Case& item = predictions.cases[wrong[k]];
    const auto called = static_cast<std::size_t>(evaluation.called[wrong[k]]);
    const double* row = predictions.probabilities.data() + wrong[k] * predictions.classes.size();
    const std::string said =
        fmt::format("{}, called {} ({:.2f})", item.label, predictions.classes[called], row[called]);
    const std::string truth = fmt::format("probability of {}: {:.2g}", item.label, row[item.truth]);
    try {
      const image::Image picture = image::prepare(image::load(item.path), predictions.preparation);
      gallery.pictures.push_back({image::encode_jpeg(picture, 80),
                                  "A " + item.label + ", " + said.substr(item.label.size() + 2),
                                  {said, truth, std::filesystem::path(item.image).filename().string()}});
    } catch (const Error&) {  // predictions can be scored where the pictures are not
      without_picture.push_back(fmt::format("{}: {}; {}", item.image, said, truth));
    }
  }
  if (!gallery.pictures.empty())
    page.add(gallery).paragraph("Pictures as the model sees them. They may be of patients: treat this page as such.");
  if (!without_picture.empty()) page.list(without_picture);
}

void add_failures(report::Page& page, const Evaluation& evaluation) {
  const std::vector<Failure>& failures = evaluation.predictions.failures;
  if (failures.empty()) return;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < std::min(failures.size(), failures_shown); ++i)
    lines.push_back(failures[i].image + ": " + failures[i].reason +
                    (failures[i].where.empty() ? "" : " (" + failures[i].where + ")"));
  if (failures.size() > failures_shown)
    lines.push_back(fmt::format("and {} more", grouped(failures.size() - failures_shown)));
  page.heading("Not scored").list(lines);
}

}  // namespace naevus::evaluate::html
