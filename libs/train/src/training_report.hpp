#pragma once
#include <string>

#include "checkpoint.hpp"
#include "naevus/model/card.hpp"
#include "session.hpp"

namespace naevus::train {

/// The page on a finished run: scores, curves, confusion matrix of the validation part, config.
std::string training_report(const Session& session, const Checkpoint& checkpoint, const model::Card& card,
                            const Evaluation& validation);

}  // namespace naevus::train
