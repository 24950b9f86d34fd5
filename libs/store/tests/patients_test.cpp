#include "naevus/store/patients.hpp"

#include "homes.hpp"
#include "naevus/base/error.hpp"
#include "naevus/store/audit.hpp"
#include "naevus/store/feedback.hpp"
#include "naevus/store/models.hpp"

namespace naevus::store {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

template <typename Home>
class Patients : public Store<Home> {
 protected:
  Prediction add_of(const std::string& patient, const std::string& picture = "a picture") {
    auto prediction = some_prediction();
    prediction.patient_key = patient;
    return this->add(this->alice, prediction, picture);
  }
  std::vector<std::string> ids(const HistoryFilter& filter) {
    std::vector<std::string> found;
    for (const auto& prediction : history(this->database, filter, 100).predictions) found.push_back(prediction.id);
    return found;
  }
};
TYPED_TEST_SUITE(Patients, Homes);

const BodyPoint shoulder{.view = "posterior", .x = 0.25, .y = 1.0 / 3};

TYPED_TEST(Patients, AreThoseWhomPredictionsAndLesionsName) {
  EXPECT_TRUE(patients(this->database, 10).patients.empty());
  this->add(this->alice, some_prediction());  // nobody's
  this->add_of("b");
  const auto newest = this->add_of("b");
  add_lesion(this->database, this->alice, "a", {});
  this->add_of("Ü'; --");
  const auto page = patients(this->database, 10);
  EXPECT_EQ(page.next, "");
  ASSERT_EQ(page.patients.size(), 3U);
  EXPECT_EQ(page.patients[0].key, "a");
  EXPECT_EQ(page.patients[0].predictions, 0);
  EXPECT_EQ(page.patients[0].lesions, 1);
  EXPECT_EQ(page.patients[1].key, "b");
  EXPECT_EQ(page.patients[1].predictions, 2);
  EXPECT_EQ(page.patients[1].lesions, 0);
  EXPECT_EQ(page.patients[1].last_at, newest.created_at);
  EXPECT_EQ(page.patients[2].key, "Ü'; --");
  EXPECT_THROW(patients(this->database, 0), InputError);
  EXPECT_THROW(patients(this->database, 1001), InputError);
}

TYPED_TEST(Patients, ComeByPagesEachOnce) {
  std::vector<std::string> wanted, seen;
  for (int i = 10; i < 30; ++i) {
    const std::string key = std::to_string(i);
    wanted.push_back(key);
    if (i % 3 != 0) this->add_of(key);
    if (i % 2 == 0 || i % 3 == 0) add_lesion(this->database, this->alice, key, {});
  }
  std::string cursor;
  do {
    const auto page = patients(this->database, 3, cursor);
    for (const auto& patient : page.patients) seen.push_back(patient.key);
    this->add_of("0" + cursor);  // sorted before what was seen already
    cursor = page.next;
  } while (!cursor.empty());
  EXPECT_EQ(seen, wanted);
}

TYPED_TEST(Patients, HaveLesionsThatAreReadBackAsTheyWereSaidAndChanged) {
  const LesionWords words{.point = shoulder, .site = "back", .note = "größer; seit Mai"};
  const auto full = add_lesion(this->database, this->alice, "P1", words);
  const auto bare = add_lesion(this->database, this->bob, "P1", {});
  add_lesion(this->database, this->bob, "P2", {});
  const auto lesions = lesions_of(this->database, "P1");
  ASSERT_EQ(lesions.size(), 2U);
  EXPECT_EQ(lesions[0].id, full.id);
  EXPECT_EQ(lesions[0].actor, "key:a");
  EXPECT_EQ(lesions[0].created_at, full.created_at);
  EXPECT_EQ(lesions[0].words.point->view, "posterior");
  EXPECT_EQ(lesions[0].words.point->x, 0.25);
  EXPECT_EQ(lesions[0].words.point->y, 1.0 / 3);
  EXPECT_EQ(lesions[0].words.site, "back");
  EXPECT_EQ(lesions[0].words.note, "größer; seit Mai");
  EXPECT_EQ(lesions[1].id, bare.id);
  EXPECT_FALSE(lesions[1].words.point);

  EXPECT_EQ(change_lesion(this->database, this->bob, full.id, {.note = "excised"})->words.site, "back");
  change_lesion(this->database, this->bob, full.id, {.point = std::optional<BodyPoint>()});
  const auto changed = find_lesion(this->database, full.id);
  EXPECT_EQ(changed->words.note, "excised");
  EXPECT_FALSE(changed->words.point);
  EXPECT_EQ(changed->patient_key, "P1");
  EXPECT_FALSE(change_lesion(this->database, this->bob, "none", {}));
}

TYPED_TEST(Patients, LesionsThatMakeNoSenseAreRefused) {
  const auto add = [&](const std::string& key, const LesionWords& words) {
    return add_lesion(this->database, this->alice, key, words);
  };
  EXPECT_THROW(add("", {}), InputError);
  EXPECT_THROW(add("\xff", {}), InputError);
  EXPECT_THROW(add("P", {.point = BodyPoint{.view = "inside", .x = 0, .y = 0}}), InputError);
  for (const double wrong : {-0.01, 1.01, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW(add("P", {.point = BodyPoint{.view = "left", .x = wrong, .y = 0}}), InputError) << wrong;
    EXPECT_THROW(add("P", {.point = BodyPoint{.view = "left", .x = 0, .y = wrong}}), InputError) << wrong;
  }
  EXPECT_THROW(add("P", {.site = std::string(101, 'x')}), InputError);
  EXPECT_THROW(add("P", {.note = std::string(4001, 'x')}), InputError);
  const auto lesion = add("P", {});
  EXPECT_THROW(change_lesion(this->database, this->alice, lesion.id, {.site = "\xff"}), InputError);
  EXPECT_EQ(find_lesion(this->database, lesion.id)->words.site, "");
}

TYPED_TEST(Patients, PredictionsAreFiledUnderALesionOfTheirPatient) {
  const auto lesion = add_lesion(this->database, this->alice, "P1", {.site = "back"});
  const auto other = add_lesion(this->database, this->alice, "P2", {});
  auto asked = some_prediction();
  asked.lesion = lesion.id;
  const auto first = this->add(this->alice, asked);
  EXPECT_EQ(first.patient_key, "P1");
  EXPECT_EQ(first.site, "back");
  EXPECT_EQ(find_prediction(this->database, first.id)->lesion, lesion.id);
  EXPECT_EQ(find_prediction(this->database, first.id)->site, "back");
  const auto second = this->add_of("P1");
  const auto nobodys = this->add(this->alice, some_prediction());
  EXPECT_EQ(second.lesion, "");
  EXPECT_EQ(file_prediction(this->database, this->bob, second.id, lesion.id)->lesion, lesion.id);
  EXPECT_EQ(file_prediction(this->database, this->bob, nobodys.id, lesion.id)->patient_key, "P1");
  EXPECT_EQ(find_prediction(this->database, nobodys.id)->patient_key, "P1");
  EXPECT_EQ(find_prediction(this->database, nobodys.id)->site, "");
  EXPECT_THAT(this->ids({.lesion = lesion.id}), ElementsAre(nobodys.id, second.id, first.id));
  EXPECT_EQ(find_lesion(this->database, lesion.id)->predictions, 3);
  EXPECT_EQ(lesions_of(this->database, "P1").at(0).predictions, 3);

  EXPECT_EQ(file_prediction(this->database, this->bob, second.id, "")->lesion, "");
  EXPECT_EQ(find_prediction(this->database, second.id)->patient_key, "P1");
  EXPECT_THAT(this->ids({.lesion = lesion.id}), ElementsAre(nobodys.id, first.id));
  EXPECT_THROW(file_prediction(this->database, this->bob, second.id, other.id), InputError);
  EXPECT_THROW(file_prediction(this->database, this->bob, second.id, "none"), InputError);
  EXPECT_FALSE(file_prediction(this->database, this->bob, "none", lesion.id));
  EXPECT_EQ(find_prediction(this->database, second.id)->lesion, "");
}

TYPED_TEST(Patients, APredictionForALesionThatIsNotThereOrAnothersIsNotKept) {
  const auto lesion = add_lesion(this->database, this->alice, "P1", {});
  auto wrong = some_prediction(), of_another = some_prediction();
  wrong.lesion = "none";
  of_another.lesion = lesion.id;
  of_another.patient_key = "P2";
  EXPECT_THROW(this->add(this->alice, wrong), InputError);
  EXPECT_THROW(this->add(this->alice, of_another), InputError);
  EXPECT_TRUE(this->ids({}).empty());
  EXPECT_EQ(sweep_pictures(this->database, this->pictures), 0U) << "its picture was kept";
}

TYPED_TEST(Patients, ALesionThatIsRemovedLeavesItsPredictions) {
  const auto lesion = add_lesion(this->database, this->alice, "P1", {});
  const auto prediction = this->add_of("P1");
  file_prediction(this->database, this->bob, prediction.id, lesion.id);
  EXPECT_TRUE(remove_lesion(this->database, this->bob, lesion.id));
  EXPECT_FALSE(remove_lesion(this->database, this->bob, lesion.id));
  EXPECT_FALSE(find_lesion(this->database, lesion.id));
  ASSERT_TRUE(find_prediction(this->database, prediction.id));
  EXPECT_EQ(find_prediction(this->database, prediction.id)->lesion, "");
}

TYPED_TEST(Patients, ErasedLeaveNothingButTheOthersAndTheModelsThatLearnedFromThem) {
  const auto own = this->add_of("P1", "own"), again = this->add_of("P1", "own"), shared = this->add_of("P1", "shared");
  const auto others = this->add_of("P2", "shared");
  const auto lesion = add_lesion(this->database, this->alice, "P1", {.note = "grew"});
  const auto kept = add_lesion(this->database, this->alice, "P2", {});
  file_prediction(this->database, this->bob, own.id, lesion.id);
  file_prediction(this->database, this->bob, others.id, kept.id);
  add_feedback(this->database, this->bob, {.prediction = own.id, .verdict = Verdict::agrees, .comment = "seen"});
  for (const char* version : {"1", "2"}) {
    add_model(this->database, this->alice,
              {.name = "m", .version = version, .sha256 = version, .pictures = {own.picture, shared.picture}});
  }
  add_model(this->database, this->alice, {.name = "m", .version = "3", .sha256 = "3"});

  const auto erased = erase_patient(this->database, this->pictures, this->bob, "P1");
  ASSERT_TRUE(erased);
  EXPECT_EQ(erased->predictions, 3);
  EXPECT_EQ(erased->lesions, 1);
  EXPECT_EQ(erased->pictures.size(), 1U);
  EXPECT_THAT(erased->trained_on, UnorderedElementsAre(ModelVersion{"m", "1"}, ModelVersion{"m", "2"}));
  EXPECT_THAT(this->ids({}), ElementsAre(others.id));
  EXPECT_EQ(find_prediction(this->database, others.id)->lesion, kept.id);
  EXPECT_TRUE(feedback_of(this->database, own.id).empty());
  EXPECT_FALSE(find_lesion(this->database, lesion.id));
  EXPECT_FALSE(this->pictures.has(own.picture));
  EXPECT_TRUE(this->pictures.has(shared.picture));
  ASSERT_EQ(patients(this->database, 10).patients.size(), 1U);
  EXPECT_FALSE(verify_audit(this->database).broken);
  EXPECT_FALSE(erase_patient(this->database, this->pictures, this->bob, "P1"));
  EXPECT_FALSE(erase_patient(this->database, this->pictures, this->bob, ""));
}

}  // namespace
}  // namespace naevus::store
