#include "naevus/store/predictions.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <set>
#include <thread>

#include "homes.hpp"
#include "naevus/base/error.hpp"
#include "naevus/store/audit.hpp"
#include "naevus/store/feedback.hpp"
#include "naevus/store/models.hpp"

namespace naevus::store {
namespace {

using testing::ElementsAre;

template <typename Home>
class Predictions : public Store<Home> {};
TYPED_TEST_SUITE(Predictions, Homes);

void expect_same(const Prediction& a, const Prediction& b) {
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.created_at, b.created_at);
  EXPECT_EQ(a.actor, b.actor);
  EXPECT_EQ(a.picture, b.picture);
  EXPECT_EQ(a.picture_format, b.picture_format);
  EXPECT_EQ(a.model, b.model);
  EXPECT_EQ(a.model_version, b.model_version);
  EXPECT_EQ(a.classes, b.classes);
  EXPECT_EQ(a.probabilities, b.probabilities);
  EXPECT_EQ(a.logits, b.logits);
  EXPECT_EQ(a.malignant_score, b.malignant_score);
  EXPECT_EQ(a.decision, b.decision);
  EXPECT_EQ(a.prediction_set, b.prediction_set);
  EXPECT_EQ(a.ood_score, b.ood_score);
  EXPECT_EQ(a.quality, b.quality);
  EXPECT_EQ(a.measures, b.measures);
  EXPECT_EQ(a.age, b.age);
  EXPECT_EQ(a.sex, b.sex);
  EXPECT_EQ(a.site, b.site);
  EXPECT_EQ(a.patient_key, b.patient_key);
  EXPECT_EQ(a.idempotency_key, b.idempotency_key);
  EXPECT_EQ(a.source, b.source);
}

Prediction full_prediction() {
  Prediction prediction = some_prediction();
  prediction.probabilities = {0.1 + 0.2, 1.0 / 3};  // the last bit is kept too
  prediction.logits = {-1e-300, 1e300};
  prediction.malignant_score = 2.0 / 3;
  prediction.ood_score = 0;
  prediction.prediction_set = {"mel", "nv"};
  prediction.quality = {"blurred", "too dark"};
  prediction.measures = {{"sharpness", 1.0 / 3}, {"brightness", 0}};
  prediction.age = 0;
  prediction.sex = "female";
  prediction.site = "Rücken'; DROP TABLE predictions; --";
  prediction.patient_key = "P:1 \"2\" \\3";
  prediction.idempotency_key = "first";
  return prediction;
}

TYPED_TEST(Predictions, AreReadBackAsTheyWereAnswered) {
  for (const Prediction& asked : {full_prediction(), some_prediction()}) {
    const auto added = add_prediction(this->database, this->pictures, this->alice, asked, as_bytes("bytes"));
    EXPECT_FALSE(added.repeated);
    EXPECT_EQ(added.prediction.actor, "key:a");
    const auto found = find_prediction(this->database, added.prediction.id);
    ASSERT_TRUE(found);
    expect_same(*found, added.prediction);
    EXPECT_EQ(found->probabilities, asked.probabilities);
    EXPECT_EQ(found->site, asked.site);
    const auto picture = this->pictures.read(found->picture);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(picture.data()), picture.size()), "bytes");
  }
  EXPECT_FALSE(find_prediction(this->database, "none"));
}

TYPED_TEST(Predictions, ThatMakeNoSenseAreRefusedAndLeaveNothing) {
  auto uneven = some_prediction();
  uneven.probabilities.push_back(0);
  auto infinite = some_prediction();
  infinite.ood_score = std::numeric_limits<double>::infinity();
  auto zero_byte = some_prediction();
  zero_byte.patient_key = std::string("a\0b", 3);
  auto no_text = some_prediction();
  no_text.site = "\xff";
  for (const auto& wrong : {uneven, infinite, zero_byte, no_text})
    EXPECT_THROW(this->add(this->alice, wrong), InputError);
  EXPECT_TRUE(history(this->database, {}, 10).predictions.empty());
  EXPECT_EQ(verify_audit(this->database).entries, 0);
}

TYPED_TEST(Predictions, AreGivenAgainUnderTheSameIdempotencyKeyOfTheSameActor) {
  auto prediction = some_prediction(0.8);
  prediction.idempotency_key = "request 1";
  const auto first = this->add(this->alice, prediction);
  prediction.probabilities = {0.3, 0.7};
  const auto again = add_prediction(this->database, this->pictures, this->alice, prediction, as_bytes("another"));
  EXPECT_TRUE(again.repeated);
  expect_same(again.prediction, first);
  EXPECT_NE(this->add(this->bob, prediction).id, first.id);
  EXPECT_EQ(find_repeated(this->database, this->alice, "request 1")->id, first.id);
  EXPECT_FALSE(find_repeated(this->database, this->alice, "request 2"));
  EXPECT_FALSE(find_repeated(this->database, this->alice, ""));
}

TYPED_TEST(Predictions, AskedForAtOnceUnderOneIdempotencyKeyAreMadeOnce) {
  auto prediction = some_prediction();
  prediction.idempotency_key = "at once";
  std::vector<AddedPrediction> answers(8);
  {
    std::vector<std::jthread> threads;
    for (auto& answer : answers)
      threads.emplace_back([&] {
        answer = add_prediction(this->database, this->pictures, this->alice, prediction, as_bytes("picture"));
      });
  }
  EXPECT_EQ(std::count_if(answers.begin(), answers.end(), [](const auto& a) { return !a.repeated; }), 1);
  for (const auto& answer : answers) EXPECT_EQ(answer.prediction.id, answers[0].prediction.id);
}

TYPED_TEST(Predictions, HistoryIsFilteredByWhatIsAsked) {
  auto other = some_prediction(0.2);
  other.model = "other";
  other.decision = "benign";
  other.patient_key = "P2";
  other.source = "live";
  const auto first = this->add(this->alice, some_prediction());
  const auto second = this->add(this->bob, other);
  const auto ids = [&](const HistoryFilter& filter) {
    std::vector<std::string> found;
    for (const auto& prediction : history(this->database, filter, 10).predictions) found.push_back(prediction.id);
    return found;
  };
  EXPECT_THAT(ids({}), ElementsAre(second.id, first.id));
  EXPECT_THAT(ids({.model = "other"}), ElementsAre(second.id));
  EXPECT_THAT(ids({.predicted_class = "nv"}), ElementsAre(second.id));
  EXPECT_THAT(ids({.predicted_class = "mel"}), ElementsAre(first.id));
  EXPECT_THAT(ids({.decision = "benign"}), ElementsAre(second.id));
  EXPECT_THAT(ids({.patient_key = "P2"}), ElementsAre(second.id));
  EXPECT_THAT(ids({.source = "live"}), ElementsAre(second.id));
  EXPECT_THAT(ids({.actor = "key:a"}), ElementsAre(first.id));
  EXPECT_THAT(ids({.source = "live", .actor = "key:a"}), ElementsAre());
  EXPECT_THAT(ids({.from = first.created_at}), ElementsAre(second.id, first.id));
  EXPECT_THAT(ids({.until = first.created_at}), ElementsAre());
  EXPECT_THROW(history(this->database, {}, 0), InputError);
  for (const char* wrong : {"x", "-1", "0", "1x", "99999999999999999999"})
    EXPECT_THROW(history(this->database, {}, 10, wrong), InputError) << wrong;
}

TYPED_TEST(Predictions, PagesGiveEachOnceWhileOthersAreAddedAndErased) {
  std::set<std::string> wanted;
  for (int i = 0; i < 40; ++i) wanted.insert(this->add(this->alice, some_prediction()).id);
  std::atomic<bool> done = false;
  std::jthread writer([&] {
    while (!done) {
      const auto id = this->add(this->bob, some_prediction(), "another").id;
      this->add(this->bob, some_prediction(), "another");
      erase_prediction(this->database, this->pictures, this->bob, id);
    }
  });
  std::vector<std::string> seen;
  std::string cursor;
  do {
    const auto page = history(this->database, {}, 3, cursor);
    for (const auto& prediction : page.predictions)
      if (prediction.actor == "key:a") seen.push_back(prediction.id);
    cursor = page.next;
  } while (!cursor.empty());
  done = true;
  EXPECT_EQ(seen.size(), wanted.size());
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()), wanted);
}

TYPED_TEST(Predictions, ErasedTakeTheirFeedbackAndTheirPictureUnlessAnotherHasIt) {
  const auto first = this->add(this->alice, some_prediction());
  const auto second = this->add(this->alice, some_prediction());
  ASSERT_EQ(first.picture, second.picture);
  add_feedback(this->database, this->bob, {.prediction = first.id, .verdict = Verdict::agrees, .comment = "seen"});
  const Model model{.name = "m", .version = "2", .sha256 = std::string(64, '0'), .pictures = {first.picture}};
  add_model(this->database, this->alice, model);
  add_model(this->database, this->alice, model);  // it is there already

  const auto erased = erase_prediction(this->database, this->pictures, this->alice, first.id);
  ASSERT_TRUE(erased);
  EXPECT_FALSE(erased->picture_removed);
  EXPECT_THAT(erased->trained_on, ElementsAre(ModelVersion{"m", "2"}));
  EXPECT_FALSE(find_prediction(this->database, first.id));
  EXPECT_TRUE(feedback_of(this->database, first.id).empty());
  EXPECT_TRUE(this->pictures.has(first.picture));

  EXPECT_TRUE(erase_prediction(this->database, this->pictures, this->alice, second.id)->picture_removed);
  EXPECT_FALSE(this->pictures.has(first.picture));
  EXPECT_FALSE(erase_prediction(this->database, this->pictures, this->alice, second.id));
  EXPECT_THROW(add_model(this->database, this->alice, {.name = "m", .version = "2", .sha256 = "another"}), InputError);
}

TYPED_TEST(Predictions, KeepTheirPictureWhileOthersWithItAreErased) {
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 15; ++i) {
        const auto prediction = this->add(this->alice, some_prediction(), "the same");
        EXPECT_NO_THROW(this->pictures.read(prediction.picture));
        erase_prediction(this->database, this->pictures, this->alice, prediction.id);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(sweep_pictures(this->database, this->pictures), 0U);
}

TYPED_TEST(Predictions, SweepTakesPicturesThatNoPredictionHas) {
  const auto kept = this->add(this->alice, some_prediction());
  const auto orphan = this->pictures.put(as_bytes("written before a crash")).hash;
  EXPECT_EQ(sweep_pictures(this->database, this->pictures), 1U);
  EXPECT_TRUE(this->pictures.has(kept.picture));
  EXPECT_FALSE(this->pictures.has(orphan));
}

}  // namespace
}  // namespace naevus::store
