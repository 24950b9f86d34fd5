#include "naevus/store/backup.hpp"

#include <atomic>
#include <fstream>
#include <thread>

#include "homes.hpp"
#include "naevus/base/error.hpp"
#include "naevus/store/access.hpp"
#include "naevus/store/audit.hpp"
#include "naevus/store/feedback.hpp"
#include "naevus/store/patients.hpp"
#include "naevus/store/sessions.hpp"

namespace naevus::store {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

template <typename Home>
class Backup : public Store<Home> {
 protected:
  fs::path out = this->home.folder / "backup";
  BackupSummary back_up() { return store::back_up(this->database, this->pictures, this->models, this->alice, out); }
};
TYPED_TEST_SUITE(Backup, Homes);

std::vector<std::string> ids_of(Database& database) {
  std::vector<std::string> ids;
  for (const auto& prediction : history(database, {}, 1000).predictions) ids.push_back(prediction.id);
  return ids;
}

/// Restores it, and holds the new database to what was backed up.
template <typename Home>
void expect_restored(const fs::path& backup, const std::vector<std::string>& ids, const std::string& secret) {
  Home home;
  const auto summary = restore(backup, {"local"}, home.location);
  EXPECT_EQ(summary.predictions, static_cast<std::int64_t>(ids.size()));
  Database database(home.location, {.create = false});
  const PictureFolder pictures(home.location.folder);
  EXPECT_EQ(ids_of(database), ids);
  for (const auto& prediction : history(database, {}, 1000).predictions) {
    EXPECT_NO_THROW(pictures.read(prediction.picture));
    EXPECT_EQ(prediction.probabilities, some_prediction(1.0 / 3).probabilities);
    EXPECT_EQ(prediction.age, std::nullopt);
  }
  EXPECT_EQ(feedback_of(database, ids.front()).at(0).comment, "Grüße");
  EXPECT_TRUE(find_key(database, secret));
  EXPECT_EQ(find_prediction(database, ids.front())->lesion, lesions_of(database, "P1").at(0).id);
  EXPECT_DOUBLE_EQ(lesions_of(database, "P1").at(0).words.point->x, 1.0 / 3);
  EXPECT_EQ(lesions_of(database, "P1").at(1).words.point, std::nullopt);
  EXPECT_FALSE(verify_audit(database).broken);
  add_prediction(database, pictures, {"key:a"}, some_prediction(), as_bytes("new"));
  EXPECT_FALSE(verify_audit(database).broken);
  EXPECT_THROW(restore(backup, {"local"}, home.location), UsageError);
}

TYPED_TEST(Backup, IsRestoredIntoEitherDatabase) {
  const auto secret = create_key(this->database, this->alice, {.name = "key"}).secret;
  for (int i = 0; i < 5; ++i) this->add(this->alice, some_prediction(1.0 / 3), std::to_string(i % 3));
  const auto ids = ids_of(this->database);
  add_feedback(this->database, this->bob, {.prediction = ids[0], .verdict = Verdict::agrees, .comment = "Grüße"});
  const LesionWords words{.point = BodyPoint{.view = "left", .x = 1.0 / 3, .y = 0}};
  file_prediction(this->database, this->bob, ids[0], add_lesion(this->database, this->bob, "P1", words).id);
  add_lesion(this->database, this->bob, "P1", {});
  const auto summary = this->back_up();
  EXPECT_EQ(summary.predictions, 5);
  EXPECT_EQ(summary.pictures, 3U);
  EXPECT_THROW(this->back_up(), UsageError);
  expect_restored<OnSqlite>(this->out, ids, secret);
  expect_restored<OnPostgres>(this->out, ids, secret);
}

TYPED_TEST(Backup, BringsNobodyBackWhoWasSignedInThen) {
  add_user(this->database, this->alice, {"Mo", Role::viewer, "a long password"});
  const auto secret = sign_in(this->database, "Mo", "a long password")->secret;
  this->back_up();
  const OnSqlite elsewhere;
  restore(this->out, {"local"}, elsewhere.location);
  Database restored(elsewhere.location, {.create = false});
  EXPECT_TRUE(find_session(this->database, secret));
  EXPECT_FALSE(find_session(restored, secret));
  EXPECT_TRUE(sign_in(restored, "Mo", "a long password"));
}

/// Restores it: all that was there before it was taken, every picture, and an unbroken log.
void expect_whole(const fs::path& backup) {
  const OnSqlite home;
  restore(backup, {"local"}, home.location);
  Database database(home.location);
  const PictureFolder pictures(home.location.folder);
  const auto kept = history(database, {}, 1000).predictions;
  EXPECT_GE(kept.size(), 10U);
  for (const auto& prediction : kept) EXPECT_NO_THROW(pictures.read(prediction.picture));
  EXPECT_FALSE(verify_audit(database).broken);
}

TYPED_TEST(Backup, TakenWhileOthersWriteAndEraseIsWholeInItself) {
  std::atomic<bool> done = false;
  std::jthread writer([&] {
    for (int i = 0; !done; ++i) {
      this->add(this->bob, some_prediction(), std::to_string(i));
      const auto erased = this->add(this->bob, some_prediction(), "erased " + std::to_string(i)).id;
      erase_prediction(this->database, this->pictures, this->bob, erased);
    }
  });
  for (int i = 0; i < 10; ++i) this->add(this->alice, some_prediction());
  for (int i = 0; i < 3; ++i) {
    this->back_up();
    expect_whole(this->out);
    fs::remove_all(this->out);
  }
  done = true;
}

TYPED_TEST(Backup, WithAPictureGoneIsNotMade) {
  const auto prediction = this->add(this->alice, some_prediction());
  this->pictures.erase(prediction.picture);
  EXPECT_THROW(this->back_up(), IoError);
  for (const auto& entry : fs::directory_iterator(this->home.folder.path()))
    EXPECT_EQ(entry.path().filename(), "data") << "a part was left behind";
}

class Damaged : public Store<OnSqlite> {
 protected:
  Damaged() {
    picture_ = add(alice, some_prediction()).picture;
    back_up(database, pictures, models, alice, out_);
  }
  std::string refusal() {
    const OnSqlite fresh;
    try {
      restore(out_, alice, fresh.location);
    } catch (const InputError& error) {
      EXPECT_FALSE(fs::exists(fresh.location.folder)) << "a part was left behind";
      return error.what();
    }
    return "nothing";
  }
  void change_manifest(const std::string& old, const std::string& now) {
    std::string text = read_text(out_ / "manifest.json");
    const auto at = text.find(old);
    ASSERT_NE(at, std::string::npos);
    write_file(out_ / "manifest.json", text.replace(at, old.size(), now));
  }
  fs::path out_ = home.folder / "backup";
  std::string picture_;
};

TEST_F(Damaged, BackupsAreRefusedBeforeAnythingIsWritten) {
  const fs::path file = PictureFolder(out_).path(picture_);
  const std::string content = read_text(file);
  write_file(file, "something else");
  EXPECT_THAT(refusal(), HasSubstr("is damaged"));
  fs::remove(file);
  EXPECT_THAT(refusal(), HasSubstr("is missing"));
  write_file(file, content);
  EXPECT_EQ(refusal(), "nothing");
  std::ofstream(out_ / "naevus.db", std::ios::app) << "x";
  EXPECT_THAT(refusal(), HasSubstr("is damaged"));
}

TEST_F(Damaged, ManifestsAreRefused) {
  change_manifest("pictures/", "/etc/../");
  EXPECT_THAT(refusal(), HasSubstr("which is no file of a backup"));
  change_manifest("\"schema\": ", "\"schema\": 999");
  EXPECT_THAT(refusal(), HasSubstr("or later"));
  write_file(out_ / "manifest.json", "[]");
  EXPECT_THAT(refusal(), HasSubstr("is not as a backup has it"));
  fs::remove(out_ / "manifest.json");
  EXPECT_THAT(refusal(), HasSubstr("is no complete backup"));
}

}  // namespace
}  // namespace naevus::store
