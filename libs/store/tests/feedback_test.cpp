#include "naevus/store/feedback.hpp"

#include "homes.hpp"
#include "naevus/base/error.hpp"

namespace naevus::store {
namespace {

using testing::ElementsAre;

template <typename Home>
class FeedbackOf : public Store<Home> {
 protected:
  std::optional<Feedback> say(const std::string& reader, const std::string& prediction, Verdict verdict,
                              const std::string& label = {}, bool histopathology = false) {
    return add_feedback(
        this->database, {reader},
        {.prediction = prediction, .verdict = verdict, .label = label, .histopathology = histopathology});
  }
  std::vector<std::string> queue(const std::string& reader, std::size_t limit = 10) {
    std::vector<std::string> ids;
    for (const auto& item : review_queue(this->database, {reader}, limit)) ids.push_back(item.prediction.id);
    return ids;
  }
};
TYPED_TEST_SUITE(FeedbackOf, Homes);

TYPED_TEST(FeedbackOf, AReaderIsItsNewestAndTheOlderIsKept) {
  const auto id = this->add(this->alice, some_prediction(0.8)).id;
  EXPECT_EQ(this->say("a", id, Verdict::agrees)->label, "mel");
  this->say("b", id, Verdict::corrects, "nv", true);
  this->say("a", id, Verdict::unsure);
  const auto all = feedback_of(this->database, id);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].reader, "a");
  EXPECT_TRUE(all[0].superseded);
  EXPECT_EQ(all[1].label, "nv");
  EXPECT_TRUE(all[1].histopathology);
  EXPECT_FALSE(all[1].superseded);
  EXPECT_EQ(all[2].verdict, Verdict::unsure);
  EXPECT_EQ(all[2].label, "");
  EXPECT_FALSE(all[2].superseded);
}

TYPED_TEST(FeedbackOf, WhatMakesNoSenseIsRefused) {
  const auto id = this->add(this->alice, some_prediction(0.8)).id;
  EXPECT_THROW(this->say("a", id, Verdict::corrects, "wart"), InputError);
  EXPECT_THROW(this->say("a", id, Verdict::corrects, "mel"), InputError);
  EXPECT_THROW(this->say("a", id, Verdict::unsure, "", true), InputError);
  EXPECT_THROW(parse_verdict("maybe"), InputError);
  EXPECT_FALSE(this->say("a", "none", Verdict::agrees));
  EXPECT_TRUE(feedback_of(this->database, id).empty());
}

TYPED_TEST(FeedbackOf, QueueHasDisagreementFirstThenTheMostUncertain) {
  const auto sure = this->add(this->alice, some_prediction(0.99)).id;
  const auto unsure = this->add(this->alice, some_prediction(0.55)).id;
  const auto agreed = this->add(this->alice, some_prediction(0.5)).id;
  const auto corrected = this->add(this->alice, some_prediction(0.9)).id;
  const auto split = this->add(this->alice, some_prediction(0.9)).id;
  const auto confirmed = this->add(this->alice, some_prediction(0.9)).id;
  const auto settled = this->add(this->alice, some_prediction(0.9)).id;
  this->say("a", agreed, Verdict::agrees);
  this->say("a", corrected, Verdict::corrects, "nv");
  this->say("a", split, Verdict::agrees);
  this->say("b", split, Verdict::corrects, "nv");
  this->say("a", confirmed, Verdict::corrects, "nv", true);
  this->say("a", settled, Verdict::corrects, "nv");
  this->say("b", settled, Verdict::corrects, "nv");

  EXPECT_THAT(this->queue("c"), ElementsAre(split, corrected, unsure, sure));
  EXPECT_THAT(this->queue("c", 3), ElementsAre(split, corrected, unsure));
  EXPECT_THAT(this->queue("c", 1), ElementsAre(split));
  EXPECT_THAT(this->queue("b"), ElementsAre(corrected, unsure, sure));
  EXPECT_THAT(this->queue("a"), ElementsAre(unsure, sure));
  EXPECT_TRUE(review_queue(this->database, {"c"}, 2)[0].disagreement);
  EXPECT_FALSE(review_queue(this->database, {"c"}, 3)[2].disagreement);

  this->say("a", agreed, Verdict::unsure);  // taken back: nobody's label is left, for others to give
  EXPECT_THAT(this->queue("c"), ElementsAre(split, corrected, agreed, unsure, sure));
  this->say("c", split, Verdict::unsure);
  EXPECT_THAT(this->queue("c"), ElementsAre(corrected, agreed, unsure, sure));
}

}  // namespace
}  // namespace naevus::store
