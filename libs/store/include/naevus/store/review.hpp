#pragma once
#include <cstddef>
#include <vector>

#include "naevus/store/database.hpp"
#include "naevus/store/predictions.hpp"
#include "naevus/store/types.hpp"

namespace naevus::store {

/// What waits for readers. A label is settled by histopathology, or by two readers where all name one class; what the
/// actor has read, if only to say that they are unsure, is in no queue of theirs.
enum class Queue {
  /// First what is not settled and of which readers and model do not name one class, most labels first; then what
  /// nobody has given a label, the most uncertain first (1 - the highest probability).
  open,
  /// For a second reading: what others have given a label that is not settled, the oldest reading first.
  second,
};

struct ReviewItem {
  Prediction prediction;
  bool disagreement = false;  ///< readers and model do not name one class
};

struct ReviewQueue {
  std::vector<ReviewItem> head;  ///< at most as many as were asked for
  std::size_t waiting = 0;       ///< all that are in the queue
};

/// What the actor should look at next.
ReviewQueue review_queue(Database& database, const Actor& actor, Queue queue, std::size_t limit);

}  // namespace naevus::store
