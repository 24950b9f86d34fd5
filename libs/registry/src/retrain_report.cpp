#include "retrain_report.hpp"

#include <fmt/format.h>

#include "naevus/base/progress.hpp"
#include "naevus/report/page.hpp"

namespace naevus::registry {
namespace {

std::string share_text(const metrics::Share& share) {
  if (share.cases == 0) return "–";
  return fmt::format("{} of {} ({:.1f} %)", grouped(share.hits), grouped(share.cases),
                     100.0 * share.hits / share.cases);
}

report::Table gate_table(const GateResult& gate) {
  report::Table table{
      .caption = "What must hold before a candidate answers", .columns = {"condition", "holds", "figures"}, .rows = {}};
  for (const Condition& condition : gate.conditions)
    table.rows.push_back({condition.name, condition.holds ? "yes" : "no", condition.text});
  return table;
}

report::Table reader_table(const ReaderChecks& checks) {
  report::Table table{.caption = fmt::format("Labels that a model which has not learned from them confidently sees "
                                             "otherwise; of the validation part's labels {}",
                                             share_text(checks.reference)),
                      .columns = {"reader", "doubted", "p (Fisher)", "believed"},
                      .rows = {}};
  for (const ReaderCheck& check : checks.readers)
    table.rows.push_back(
        {check.reader, share_text(check.doubted), fmt::format("{:.2g}", check.p_value), check.believed ? "yes" : "no"});
  return table;
}

}  // namespace

std::string report_of(const RetrainResult& result) {
  report::Page page(
      fmt::format("Retraining: {} v{}", result.candidate.name, result.candidate.version),
      fmt::format("from v{}, with {} pictures of feedback", result.served.version, grouped(result.learned)));
  if (result.promoted)
    page.paragraph(fmt::format("Version {} answers from now on. naevus models rollback brings version {} back.",
                               result.candidate.version, result.served.version));
  else
    page.warning(fmt::format("Version {} was not promoted{}.", result.candidate.version,
                             result.gate.passed() ? ", though it passed" : ": it is not shown to be no worse"));
  page.add(gate_table(result.gate));
  page.paragraph(
      fmt::format("The frozen test part has decided {} time{} by now. Each time makes it say less of new "
                  "pictures.",
                  result.test_readings, result.test_readings == 1 ? "" : "s"));
  page.heading("Feedback");
  page.list({fmt::format("{} pictures were given a class by readers", grouped(result.labelled)),
             fmt::format("{} of them are in the candidate's training part", grouped(result.learned)),
             fmt::format("{} of the newest judged both models, and were learned by neither", grouped(result.newest))});
  if (!result.left_out.empty()) {
    report::Table table{.caption = "Left out", .columns = {"reason", "pictures"}, .rows = {}};
    for (const LeftOut& left : result.left_out) table.rows.push_back({left.reason, grouped(left.pictures)});
    page.add(table);
  }
  if (!result.readers.readers.empty()) page.heading("Readers").add(reader_table(result.readers));
  return page.html();
}

}  // namespace naevus::registry
