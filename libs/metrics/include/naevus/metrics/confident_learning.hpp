#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Confident learning (Northcutt, Jiang & Chuang 2021, "Confident learning: estimating uncertainty in dataset labels",
/// JAIR 70): which given labels are likely wrong, from probabilities that a model gave to pictures it had not been
/// trained on. Every number is what cleanlab 2.9 computes from the same input with NumPy 2 on an x86-64 processor with
/// AVX2. There, the order of equal values decides how counts are rounded; it is NumPy's here too, but among more than
/// 256 values (members of one class, issues), where NumPy's differs between processors: those keep the order of the
/// cases.
///
/// Everywhere here: `probabilities` are out-of-fold, row-major [n, classes], within 1e-6 of [0, 1]; `label` is the
/// given class of each case, in [0, classes), shape [n].
namespace naevus::metrics {

/// Mean probability of each class among the cases that are labelled so, at least 2e-6; 2, which no probability reaches,
/// for a class without cases.
/// @throws InputError if the shapes differ, there are no cases, a class is out of range or a probability is none
std::vector<double> confident_thresholds(std::span<const double> probabilities, std::span<const int> label,
                                         std::size_t classes);

/// How many cases of each given label a model confidently places in each class.
struct ConfidentJoint {
  std::size_t classes = 0;
  std::vector<std::int64_t> count;        ///< [given label, likely true label], row-major
  std::vector<std::size_t> off_diagonal;  ///< cases confidently placed in another class than the given one, ascending

  std::int64_t at(std::size_t given, std::size_t likely) const { return count[given * classes + likely]; }
};

/// A case counts where its probability of some class reaches that class's threshold (less 1e-6), in the likeliest class
/// if several do. Every class counts one right case at least.
/// @throws as confident_thresholds
ConfidentJoint confident_joint(std::span<const double> probabilities, std::span<const int> label, std::size_t classes);

/// The joint scaled so that each row sums to the cases of its label, in whole numbers.
/// @throws InputError if a class is out of range or there are no cases
ConfidentJoint calibrated(ConfidentJoint joint, std::span<const int> label);

/// Self-confidence: each case's probability of its given label; low where the label is likely wrong. shape [n]
/// @throws as confident_thresholds
std::vector<double> label_quality(std::span<const double> probabilities, std::span<const int> label,
                                  std::size_t classes);

struct LabelIssueOptions {
  int min_examples_per_class = 1;  ///< a class keeps that many cases at least; >= 0
};

/// Cases whose given label is likely wrong, by rising self-confidence: of each pair of classes as many as the
/// calibrated joint counts, those with the largest margin of the other class over the given one ("prune by noise
/// rate"); none whose given label is the likeliest.
/// @returns indices of cases
/// @throws as confident_thresholds; InputError if fewer than two classes have cases
std::vector<std::size_t> find_label_issues(std::span<const double> probabilities, std::span<const int> label,
                                           std::size_t classes, const LabelIssueOptions& options = {});

}  // namespace naevus::metrics
