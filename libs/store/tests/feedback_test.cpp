#include "naevus/store/feedback.hpp"

#include "homes.hpp"
#include "naevus/base/error.hpp"
#include "naevus/store/audit.hpp"
#include "naevus/store/models.hpp"
#include "naevus/store/review.hpp"

namespace naevus::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

template <typename Home>
class FeedbackOf : public Store<Home> {
 protected:
  std::optional<Feedback> say(const std::string& reader, const std::string& prediction, Verdict verdict,
                              const std::string& label = {}, bool histopathology = false) {
    return add_feedback(
        this->database, {reader},
        {.prediction = prediction, .verdict = verdict, .label = label, .histopathology = histopathology});
  }
  std::vector<std::string> queue(const std::string& reader) {
    std::vector<std::string> ids;
    for (const auto& item : review_queue(this->database, {reader}, Queue::open, 10).head)
      ids.push_back(item.prediction.id);
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

TYPED_TEST(FeedbackOf, WhatIsTakenBackCountsNoMoreAndWhatWasSaidBeforeDoesAgain) {
  const auto id = this->add(this->alice, some_prediction(0.8)).id;
  const auto first = this->say("a", id, Verdict::agrees)->id;
  const auto others = this->say("b", id, Verdict::agrees)->id;
  const auto second = this->say("a", id, Verdict::corrects, "nv")->id;
  const auto take_back = [&](const std::string& reader, const std::string& prediction, const std::string& feedback) {
    return take_back_feedback(this->database, {reader}, prediction, feedback);
  };
  EXPECT_EQ(take_back("a", id, first).outcome, TakingBack::superseded);
  EXPECT_EQ(take_back("a", id, others).outcome, TakingBack::another_readers);
  EXPECT_EQ(take_back("a", id, "none").outcome, TakingBack::no_such_feedback);
  const auto another = this->add(this->alice, some_prediction(0.8)).id;
  EXPECT_EQ(take_back("a", another, second).outcome, TakingBack::no_such_feedback);
  EXPECT_EQ(feedback_of(this->database, id).size(), 3U);

  const auto taken = take_back("a", id, second);
  EXPECT_EQ(taken.outcome, TakingBack::done);
  ASSERT_TRUE(taken.counts_again);
  EXPECT_EQ(taken.counts_again->id, first);
  const auto left = feedback_of(this->database, id);
  ASSERT_EQ(left.size(), 2U);
  EXPECT_EQ(left[0].id, first);
  EXPECT_FALSE(left[0].superseded);
  EXPECT_EQ(left[1].id, others);
  EXPECT_FALSE(left[1].superseded);
  EXPECT_EQ(take_back("a", id, second).outcome, TakingBack::no_such_feedback);

  EXPECT_THAT(this->queue("a"), ElementsAre(another));
  EXPECT_FALSE(take_back("a", id, first).counts_again);
  EXPECT_EQ(take_back("b", id, others).outcome, TakingBack::done);
  EXPECT_THAT(feedback_of(this->database, id), IsEmpty());
  EXPECT_THAT(this->queue("a"), ElementsAre(id, another)) << "nobody has read either";
  const auto again = this->say("a", id, Verdict::unsure)->id;
  EXPECT_EQ(feedback_of(this->database, id).back().id, again) << "what is said later comes later";
  EXPECT_FALSE(verify_audit(this->database).broken);
}

TYPED_TEST(FeedbackOf, ModelsThatLearnedFromThePictureOfWhatIsTakenBackAreNamed) {
  const auto prediction = this->add(this->alice, some_prediction(0.8));
  const auto said = this->say("a", prediction.id, Verdict::agrees)->id;
  add_model(this->database, this->alice,
            {.name = "m", .version = "2", .sha256 = "2", .pictures = {prediction.picture}});
  const auto taken = take_back_feedback(this->database, {"a"}, prediction.id, said);
  EXPECT_EQ(taken.outcome, TakingBack::done);
  EXPECT_THAT(taken.trained_on, ElementsAre(ModelVersion{.name = "m", .version = "2"}));
}

}  // namespace
}  // namespace naevus::store
