#include "naevus/store/readings.hpp"

#include "homes.hpp"
#include "naevus/store/feedback.hpp"
#include "naevus/store/models.hpp"

namespace naevus::store {
namespace {

using testing::ElementsAre;
using testing::Field;

template <typename Home>
class Readings : public Store<Home> {
 protected:
  void say(const std::string& reader, const Prediction& prediction, Verdict verdict, const std::string& label = {},
           bool histopathology = false) {
    ASSERT_TRUE(add_feedback(
        this->database, {reader},
        {.prediction = prediction.id, .verdict = verdict, .label = label, .histopathology = histopathology}));
  }
};
TYPED_TEST_SUITE(Readings, Homes);

TYPED_TEST(Readings, AReaderIsTheNewestWordOnAnyAnswerAboutThePicture) {
  const auto first = this->add(this->alice, some_prediction(0.8), "one picture");
  const auto again = this->add(this->bob, some_prediction(0.3), "one picture");
  const auto other = this->add(this->bob, some_prediction(0.3), "another");
  this->add(this->bob, some_prediction(0.6), "nobody reads this");
  this->say("a", first, Verdict::agrees);
  this->say("b", first, Verdict::corrects, "nv", true);
  this->say("a", again, Verdict::agrees);
  this->say("a", other, Verdict::corrects, "mel");

  const auto read = read_pictures(this->database);
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].first.id, first.id);
  EXPECT_EQ(read[0].first.probabilities, first.probabilities);
  EXPECT_THAT(read[0].opinions, ElementsAre(Field(&Opinion::reader, "b"), Field(&Opinion::reader, "a")));
  EXPECT_EQ(read[0].opinions[0].label, "nv");
  EXPECT_TRUE(read[0].opinions[0].histopathology);
  EXPECT_EQ(read[0].opinions[1].label, "nv");
  EXPECT_FALSE(read[0].opinions[1].histopathology);
  EXPECT_EQ(read[1].first.id, other.id);
}

TYPED_TEST(Readings, WhoBecameUnsureHasNoOpinion) {
  const auto one = this->add(this->alice, some_prediction(0.8), "one");
  const auto two = this->add(this->alice, some_prediction(0.8), "two");
  this->say("a", one, Verdict::agrees);
  this->say("a", one, Verdict::unsure);
  this->say("a", two, Verdict::agrees);
  this->say("b", two, Verdict::unsure);
  const auto read = read_pictures(this->database);
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].first.id, two.id);
  EXPECT_EQ(read[0].opinions.size(), 1U);
}

TYPED_TEST(Readings, TheNewestOfEachReaderComesBesideTheModelsClass) {
  const auto one = this->add(this->alice, some_prediction(0.8), "one");
  const auto two = this->add(this->alice, some_prediction(0.3), "two");
  this->say("a", one, Verdict::agrees);
  this->say("a", two, Verdict::agrees);
  this->say("a", one, Verdict::corrects, "nv");
  this->say("b", one, Verdict::agrees);
  this->say("b", two, Verdict::agrees);
  this->say("b", two, Verdict::unsure);

  const auto as_words = [](const std::vector<Reading>& readings) {
    std::vector<std::string> words;
    words.reserve(readings.size());
    for (const auto& reading : readings)
      words.push_back(reading.reader + " " + reading.label + " " + reading.predicted_class);
    return words;
  };
  const auto all = newest_readings(this->database, {}, 10);
  EXPECT_THAT(as_words(all), ElementsAre("b mel mel", "a nv mel", "a nv nv"));
  EXPECT_EQ(all[0].prediction, one.id);
  EXPECT_EQ(all[2].prediction, two.id);
  EXPECT_THAT(as_words(newest_readings(this->database, {}, 2)), ElementsAre("b mel mel", "a nv mel"));
  EXPECT_TRUE(newest_readings(this->database, now() + std::chrono::hours(1), 10).empty());
}

TYPED_TEST(Readings, WhatAModelLearnedFromIsKnown) {
  const auto picture = this->add(this->alice, some_prediction(0.8), "one").picture;
  this->add(this->alice, some_prediction(0.8), "two");
  const std::string sha256(64, 'a');
  add_model(this->database, this->alice, {.name = "m", .sha256 = sha256, .pictures = {picture}});
  EXPECT_THAT(learned_pictures(this->database, sha256), ElementsAre(picture));
  EXPECT_TRUE(learned_pictures(this->database, std::string(64, 'b')).empty());
}

TYPED_TEST(Readings, NothingIsReadAtFirst) {
  this->add(this->alice, some_prediction(0.8));
  EXPECT_TRUE(read_pictures(this->database).empty());
}

}  // namespace
}  // namespace naevus::store
