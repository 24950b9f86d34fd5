#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "naevus/base/parallel.hpp"
#include "naevus/clean/workspace.hpp"

namespace naevus::clean {

struct CleanOptions {
  std::filesystem::path manifest;       ///< or a folder of pictures
  std::filesystem::path out;            ///< the Workspace's folder
  std::filesystem::path against;        ///< another manifest, whose pictures must not be in this one; may be empty
  std::filesystem::path policy;         ///< empty: the standard policy
  std::filesystem::path model;          ///< for embeddings; empty: none
  std::filesystem::path probabilities;  ///< CSV of out-of-fold probabilities; empty: none
};

struct CleanResult {
  Settled settled;
  std::size_t copy_groups = 0;
  std::size_t taken_up = 0;           ///< pictures that an earlier run had measured
  std::vector<std::string> not_done;  ///< checks that were not made, and how to have them
  std::vector<std::string> notes;     ///< for the user
};

/// Every check, the decisions that follow from the policy and from what reviewers said before, and all files of the
/// workspace. No picture is changed.
/// @throws IoError, InputError, UsageError; Cancelled (what was measured is kept for the next run)
CleanResult clean_set(const CleanOptions& options, WorkerPool& pool, const StopToken& stop);

}  // namespace naevus::clean
