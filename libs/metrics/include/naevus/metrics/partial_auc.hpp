#pragma once
#include "naevus/metrics/roc.hpp"

// Areas under a part of a ROC curve, whose points are joined by straight lines.
namespace naevus::metrics {

/// Area up to a false positive rate, brought to [0.5, 1] for curves above the diagonal (McClish 1989); scikit-learn's
/// roc_auc_score(max_fpr=...). For 1 it is the whole area.
/// @param highest_false_positive_rate  in (0, 1]
/// @throws InputError if it is not
double standardised_partial_auc(const RocCurve& curve, double highest_false_positive_rate);

/// The integral of max(sensitivity - lowest, 0) over the false positive rate, in [0, 1 - lowest]: the score of the ISIC
/// 2024 challenge for lowest = 0.8.
/// @param lowest  in [0, 1)
/// @throws InputError if it is not
double partial_auc_above(const RocCurve& curve, double lowest_sensitivity);

/// The integral of the sensitivity over the false positive rates at which it is at least lowest, in [0, 1]: the 'AUC
/// above 80 % sensitivity' of the ISIC 2018 and 2019 challenges for lowest = 0.8.
/// @param lowest  in (0, 1]
/// @throws InputError if it is not
double auc_above_sensitivity(const RocCurve& curve, double lowest_sensitivity);

}  // namespace naevus::metrics
