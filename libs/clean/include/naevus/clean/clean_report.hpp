#pragma once
#include <string>
#include <vector>

#include "naevus/base/parallel.hpp"
#include "naevus/clean/workspace.hpp"
#include "naevus/report/chart.hpp"

namespace naevus::clean {

/// What a report says beyond the findings.
struct ReportParts {
  std::string title;                   ///< "Cleaning of ham.csv"
  std::size_t copy_groups = 0;         ///< of two or more pictures
  std::vector<report::Table> tables;   ///< columns of the manifest, shortcuts, balance
  std::vector<std::string> warnings;   ///< what a reader must know first
  std::vector<std::string> not_done;   ///< checks that were not made, and how to have them
  std::size_t pictures_per_kind = 24;  ///< shown; all are in issues.csv
};

/// A self-contained page: totals first, then each kind with its pictures.
/// @throws Cancelled
std::string report_page(const Settled& settled, const ReportParts& parts, WorkerPool& pool, const StopToken& stop);

}  // namespace naevus::clean
