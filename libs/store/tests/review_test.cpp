#include "naevus/store/review.hpp"

#include "homes.hpp"
#include "naevus/store/feedback.hpp"

namespace naevus::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

template <typename Home>
class ReviewOf : public Store<Home> {
 protected:
  std::string add(double melanoma) { return Store<Home>::add(this->alice, some_prediction(melanoma)).id; }
  std::string say(const std::string& reader, const std::string& prediction, Verdict verdict,
                  const std::string& label = {}, bool histopathology = false) {
    const auto kept =
        add_feedback(this->database, {reader},
                     {.prediction = prediction, .verdict = verdict, .label = label, .histopathology = histopathology});
    return kept ? kept->id : "";
  }
  ReviewQueue ask(const std::string& reader, Queue which, std::size_t limit = 10) {
    return review_queue(this->database, {reader}, which, limit);
  }
  /// The queue's head; the whole queue has to be as long as is told.
  std::vector<std::string> queue(const std::string& reader, Queue which, std::size_t limit = 10) {
    std::vector<std::string> ids;
    for (const auto& item : ask(reader, which, limit).head) ids.push_back(item.prediction.id);
    const auto whole = ask(reader, which, 1000);
    EXPECT_EQ(ask(reader, which, limit).waiting, whole.head.size());
    EXPECT_EQ(whole.waiting, whole.head.size());
    return ids;
  }
  std::vector<std::string> open(const std::string& reader, std::size_t limit = 10) {
    return queue(reader, Queue::open, limit);
  }
  std::vector<std::string> second(const std::string& reader, std::size_t limit = 10) {
    return queue(reader, Queue::second, limit);
  }
};
TYPED_TEST_SUITE(ReviewOf, Homes);

TYPED_TEST(ReviewOf, QueueHasDisagreementFirstThenTheMostUncertain) {
  const auto sure = this->add(0.99);
  const auto unsure = this->add(0.55);
  const auto agreed = this->add(0.5);
  const auto corrected = this->add(0.9);
  const auto split = this->add(0.9);
  const auto confirmed = this->add(0.9);
  const auto settled = this->add(0.9);
  this->say("a", agreed, Verdict::agrees);
  this->say("a", corrected, Verdict::corrects, "nv");
  this->say("a", split, Verdict::agrees);
  this->say("b", split, Verdict::corrects, "nv");
  this->say("a", confirmed, Verdict::corrects, "nv", true);
  this->say("a", settled, Verdict::corrects, "nv");
  this->say("b", settled, Verdict::corrects, "nv");

  EXPECT_THAT(this->open("c"), ElementsAre(split, corrected, unsure, sure));
  EXPECT_THAT(this->open("c", 3), ElementsAre(split, corrected, unsure));
  EXPECT_THAT(this->open("c", 1), ElementsAre(split));
  EXPECT_THAT(this->open("b"), ElementsAre(corrected, unsure, sure));
  EXPECT_THAT(this->open("a"), ElementsAre(unsure, sure));
  EXPECT_TRUE(this->ask("c", Queue::open, 2).head[0].disagreement);
  EXPECT_FALSE(this->ask("c", Queue::open, 3).head[2].disagreement);

  this->say("a", agreed, Verdict::unsure);  // taken back: nobody's label is left, for others to give
  EXPECT_THAT(this->open("c"), ElementsAre(split, corrected, agreed, unsure, sure));
  this->say("c", split, Verdict::unsure);
  EXPECT_THAT(this->open("c"), ElementsAre(corrected, agreed, unsure, sure));
}

TYPED_TEST(ReviewOf, SecondReadingIsOfWhatOneOtherHasLabelledOrSeveralDifferently) {
  EXPECT_THAT(this->second("c"), IsEmpty());
  const auto unread = this->add(0.8), agreed = this->add(0.8), corrected = this->add(0.8), split = this->add(0.8),
             confirmed = this->add(0.8), settled = this->add(0.8), unsure = this->add(0.8);
  this->say("b", split, Verdict::agrees);
  this->say("a", corrected, Verdict::corrects, "nv");
  this->say("a", agreed, Verdict::agrees);
  this->say("a", split, Verdict::corrects, "nv");
  this->say("a", confirmed, Verdict::agrees, "", true);
  this->say("a", settled, Verdict::agrees);
  this->say("b", settled, Verdict::agrees);
  this->say("a", unsure, Verdict::unsure);

  EXPECT_THAT(this->second("c"), ElementsAre(split, corrected, agreed)) << "the oldest reading first";
  EXPECT_THAT(this->second("c", 2), ElementsAre(split, corrected));
  EXPECT_THAT(this->second("b"), ElementsAre(corrected, agreed));
  EXPECT_THAT(this->second("a"), IsEmpty());
  const auto items = this->ask("c", Queue::second).head;
  EXPECT_TRUE(items[0].disagreement);
  EXPECT_TRUE(items[1].disagreement);
  EXPECT_FALSE(items[2].disagreement);

  this->say("c", corrected, Verdict::unsure);
  const auto seconded = this->say("c", agreed, Verdict::agrees);
  EXPECT_THAT(this->second("c"), ElementsAre(split));
  EXPECT_THAT(this->second("b"), ElementsAre(corrected)) << "who was unsure has settled nothing";
  take_back_feedback(this->database, {"c"}, agreed, seconded);
  EXPECT_THAT(this->second("b"), ElementsAre(corrected, agreed));
  this->say("a", corrected, Verdict::agrees);  // the reading is a new one
  EXPECT_THAT(this->second("b"), ElementsAre(agreed, corrected));
}

}  // namespace
}  // namespace naevus::store
