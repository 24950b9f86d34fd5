#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "aligned.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/base/terminal.hpp"
#include "naevus/evaluate/robustness.hpp"
#include "naevus/report/page.hpp"
#include "words.hpp"

namespace naevus::evaluate {
namespace {

using Json = nlohmann::ordered_json;

/// A loss as a change. No loss is +0.
std::string loss_text(double loss) {
  return fmt::format("{:+.3f}", 0.0 - loss);
}

std::string cases_text(const Robustness& robustness) {
  const std::size_t scored = robustness.predictions.cases.size();
  std::string text = grouped(scored) + " pictures";
  if (robustness.predictions.part != "all") text += fmt::format(" of the part '{}'", robustness.predictions.part);
  if (scored + robustness.predictions.failures.size() < robustness.of_pictures)
    text += fmt::format(", drawn from {}", grouped(robustness.of_pictures));
  if (!robustness.predictions.failures.empty())
    text += fmt::format(", {} could not be scored", grouped(robustness.predictions.failures.size()));
  return text;
}

std::string method(const Robustness& robustness) {
  return fmt::format(
      "change of balanced accuracy, {:g} % intervals by {} paired bootstrap resamples of {} {} (seed {})",
      100 * robustness.bootstrap.level, grouped(static_cast<std::uint64_t>(robustness.bootstrap.resamples)),
      grouped(robustness.units), robustness.unit, robustness.bootstrap.seed);
}

/// Mean and one cell for each severity of one kind.
std::vector<std::string> row(const Robustness& robustness, std::size_t kind, bool with_intervals) {
  const auto cell = [&](const Loss& loss) {
    return loss_text(loss.loss) + (with_intervals && loss.interval
                                       ? fmt::format("\n[{:+.3f}, {:+.3f}]", -loss.interval->high, -loss.interval->low)
                                       : "");
  };
  std::vector<std::string> cells{robustness.kinds[kind], cell(robustness.kind_means[kind])};
  for (std::size_t k = 0; k < robustness.harms.size(); ++k)
    if (robustness.harms[k].kind == robustness.kinds[kind]) cells.push_back(cell(robustness.losses[k]));
  return cells;
}

const std::vector<std::string> titles{"kind", "mean", "1", "2", "3", "4", "5"};

std::string headline(const Robustness& robustness) {
  std::string text =
      fmt::format("balanced accuracy {}",
                  words::estimate({.value = robustness.balanced_accuracy, .interval = robustness.interval}));
  if (robustness.corruptions)
    text += fmt::format("; corrupted {:.3f}, a change of {}", robustness.corruptions->balanced_accuracy,
                        loss_text(robustness.corruptions->loss));
  if (robustness.corruptions && robustness.corruptions->interval)
    text += fmt::format(" [{:+.3f}, {:+.3f}]", -robustness.corruptions->interval->high,
                        -robustness.corruptions->interval->low);
  return text;
}

Json loss_json(const Loss& loss) {
  return {{"balanced_accuracy", loss.balanced_accuracy},
          {"loss", loss.loss},
          {"low", loss.interval ? Json(loss.interval->low) : Json(nullptr)},
          {"high", loss.interval ? Json(loss.interval->high) : Json(nullptr)}};
}

report::LineChart chart(const Robustness& robustness, std::size_t first, std::size_t last, const std::string& title) {
  report::LineChart chart;
  chart.title = title;
  chart.x = "severity";
  chart.y = "balanced accuracy";
  chart.x_range = report::Range{0, 5};
  chart.y_range = report::Range{0, 1};
  for (std::size_t kind = first; kind < last; ++kind) {
    report::Series series{robustness.kinds[kind], {0}, {robustness.balanced_accuracy}};
    for (std::size_t k = 0; k < robustness.harms.size(); ++k) {
      if (robustness.harms[k].kind != robustness.kinds[kind]) continue;
      series.x.push_back(robustness.harms[k].severity);
      series.y.push_back(robustness.losses[k].balanced_accuracy);
    }
    chart.description += fmt::format("{}: from {:.3f} to {:.3f}. ", series.name, series.y.front(), series.y.back());
    chart.series.push_back(std::move(series));
  }
  return chart;
}

report::BarChart bars(const Robustness& robustness) {
  report::BarChart chart;
  chart.title = "Mean loss of balanced accuracy over the severities";
  chart.range = {0, 1};
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < robustness.kinds.size(); ++k) order.push_back(k);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return robustness.kind_means[a].loss > robustness.kind_means[b].loss;
  });
  double widest = 0.05;
  for (const std::size_t k : order) {
    const Loss& loss = robustness.kind_means[k];
    report::Bar bar{.label = robustness.kinds[k],
                    .value = std::max(loss.loss, 0.0),
                    .interval = {},
                    .text = words::number(loss.loss)};
    if (loss.interval) {
      bar.interval = report::Range{std::max(loss.interval->low, 0.0), std::max(loss.interval->high, 0.0)};
      bar.text += " " + words::interval(loss.interval);
      widest = std::max(widest, loss.interval->high);
    }
    chart.description += fmt::format("{}: {}. ", bar.label, bar.text);
    chart.bars.push_back(std::move(bar));
  }
  chart.range.high = widest;
  return chart;
}

}  // namespace

std::string to_text(const Robustness& robustness) {
  std::string text = headline(robustness) + "\n\n";
  std::vector<std::vector<std::string>> rows{titles};
  for (std::size_t kind = 0; kind < robustness.kinds.size(); ++kind) rows.push_back(row(robustness, kind, false));
  text += aligned(rows) + "\n" + cases_text(robustness) + "\n" + method(robustness) + "\n";
  constexpr std::size_t shown = 10;
  const auto& failures = robustness.predictions.failures;
  if (!failures.empty()) text += styled("\nnot scored\n", Style::yellow);
  for (std::size_t i = 0; i < std::min(shown, failures.size()); ++i)
    text += fmt::format("  {}: {}\n", failures[i].image, failures[i].reason);
  if (failures.size() > shown)
    text += fmt::format("  and {} more (--json names them all)\n", grouped(failures.size() - shown));
  return text + styled("not a diagnosis", Style::dim) + "\n";
}

std::string to_json(const Robustness& robustness) {
  Json json{{"source", robustness.predictions.source}, {"manifest", robustness.predictions.manifest},
            {"part", robustness.predictions.part},     {"images", robustness.predictions.cases.size()},
            {"of_images", robustness.of_pictures},     {"failed", robustness.predictions.failures.size()}};
  json["balanced_accuracy"] = {{"value", robustness.balanced_accuracy},
                               {"low", robustness.interval ? Json(robustness.interval->low) : Json(nullptr)},
                               {"high", robustness.interval ? Json(robustness.interval->high) : Json(nullptr)}};
  json["corruptions"] = robustness.corruptions ? loss_json(*robustness.corruptions) : Json(nullptr);
  for (std::size_t kind = 0; kind < robustness.kinds.size(); ++kind) {
    Json& item = json["kinds"][robustness.kinds[kind]];
    item["mean"] = loss_json(robustness.kind_means[kind]);
    for (std::size_t k = 0; k < robustness.harms.size(); ++k) {
      if (robustness.harms[k].kind != robustness.kinds[kind]) continue;
      Json one = loss_json(robustness.losses[k]);
      one["severity"] = robustness.harms[k].severity;
      if (!robustness.harms[k].strength.empty()) one["strength"] = robustness.harms[k].strength;
      item["severities"].push_back(std::move(one));
    }
  }
  json["interval"] = {{"level", robustness.bootstrap.level},
                      {"method", "paired percentile bootstrap"},
                      {"resamples", robustness.bootstrap.resamples},
                      {"seed", robustness.bootstrap.seed},
                      {"resampled", robustness.unit},
                      {"units", robustness.units}};
  json["failures"] = Json::array();
  for (const Failure& failure : robustness.predictions.failures)
    json["failures"].push_back({{"image", failure.image}, {"reason", failure.reason}});
  json["warnings"] = robustness.predictions.warnings;
  // Names that are not UTF-8 must not lose the answer.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_html(const Robustness& robustness) {
  const std::string name = std::filesystem::path(robustness.predictions.source).filename().string();
  report::Page page("Robustness of " + name, cases_text(robustness));
  for (const std::string& warning : robustness.predictions.warnings) page.warning(warning);
  page.paragraph(headline(robustness) + ".").paragraph(method(robustness) + ".");
  page.heading("Mean loss").add(bars(robustness));
  report::Table table{
      .caption = "Change of balanced accuracy by severity, with its interval.", .columns = titles, .rows = {}};
  for (std::size_t kind = 0; kind < robustness.kinds.size(); ++kind) table.rows.push_back(row(robustness, kind, true));
  page.heading("By kind and severity").add(table);
  page.paragraph(
      "The 15 common corruptions of Hendrycks & Dietterich (2019), put on the picture at the network's input size. "
      "Rotations: 15, 30, 45, 60, 90 degrees, mirrored at the border; crops: 90, 80, 70, 60, 50 % of each side.");
  page.heading("Curves");
  constexpr std::size_t at_once = 5;
  for (std::size_t first = 0; first < robustness.kinds.size(); first += at_once) {
    const std::size_t last = std::min(first + at_once, robustness.kinds.size());
    page.add(chart(robustness, first, last, fmt::format("Kinds {} to {}", first + 1, last)));
  }
  return page.html();
}

}  // namespace naevus::evaluate
