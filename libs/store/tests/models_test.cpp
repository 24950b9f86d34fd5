#include "naevus/store/models.hpp"

#include <set>
#include <thread>

#include "connections.hpp"
#include "homes.hpp"
#include "naevus/base/error.hpp"
#include "naevus/store/audit.hpp"
#include "naevus/store/backup.hpp"

namespace naevus::store {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

template <typename Home>
class Models : public Store<Home> {
 protected:
  /// Enters a model whose file holds that text.
  Model model(const std::string& content, const std::string& name = "naevus-7") {
    return add_model(this->database, this->alice, {.name = name, .sha256 = this->models.put(as_bytes(content))});
  }
  std::string serving() { return model_parts(this->database).serving.value().version; }
  std::string shadow() {
    const auto model = model_parts(this->database).shadow;
    return model ? model->version : "none";
  }
  /// The audit log's entries on models, oldest first: "model.promote b instead of a", by the models' contents.
  std::vector<std::string> audited() {
    return this->database.connections().read([&](soci::session& sql) {
      std::vector<std::string> entries;
      const soci::rowset<soci::row> rows =
          (sql.prepare << "SELECT action, object FROM audit WHERE action <> 'model.add' ORDER BY entry");
      for (const auto& row : rows) {
        const auto model = row.get<std::string>("object");
        entries.push_back(row.get<std::string>("action") + (model.empty() ? "" : " " + text_of(model)));
      }
      return entries;
    });
  }
  std::string text_of(const std::string& sha256) {
    const auto content = this->models.read(sha256);
    return {reinterpret_cast<const char*>(content.data()), content.size()};
  }
};
TYPED_TEST_SUITE(Models, Homes);

TYPED_TEST(Models, AreNumberedByNameAndEnteredOnce) {
  EXPECT_EQ(this->model("a").version, "1");
  EXPECT_EQ(this->model("b").version, "2");
  EXPECT_EQ(this->model("c", "other").version, "1");
  EXPECT_EQ(this->model("a").version, "1");  // it is there
  add_model(this->database, this->alice, {.name = "naevus-7", .version = "9", .sha256 = std::string(64, 'd')});
  add_model(this->database, this->alice, {.name = "naevus-7", .version = "beta", .sha256 = std::string(64, 'e')});
  EXPECT_EQ(this->model("f").version, "10");
  std::vector<std::string> listed;
  for (const auto& model : list_models(this->database)) listed.push_back(model.name + " " + model.version);
  EXPECT_THAT(listed, ElementsAre("naevus-7 1", "naevus-7 2", "other 1", "naevus-7 9", "naevus-7 beta", "naevus-7 10"));
}

TYPED_TEST(Models, OfManyAtOnceGetEachAVersionOfTheirOwn) {
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 5; ++i) this->model(std::to_string(thread) + " " + std::to_string(i));
    });
  threads.clear();
  std::set<int> versions;
  for (const auto& model : list_models(this->database)) versions.insert(std::stoi(model.version));
  EXPECT_EQ(versions.size(), 20U);
  EXPECT_EQ(*versions.rbegin(), 20);
}

TYPED_TEST(Models, AreFoundWithAllThatWasSaidOfThem) {
  const Model given{.name = "m",
                    .sha256 = std::string(64, 'a'),
                    .parent_sha256 = std::string(64, 'b'),
                    .data_hash = "data",
                    .origin = ModelOrigin::retrain,
                    .note = R"({"passed": "größer"})"};
  const auto kept = add_model(this->database, this->alice, given);
  for (const auto& found : {find_model(this->database, given.sha256), find_model(this->database, "m", "1")}) {
    ASSERT_TRUE(found);
    EXPECT_EQ(found->sha256, given.sha256);
    EXPECT_EQ(found->parent_sha256, given.parent_sha256);
    EXPECT_EQ(found->data_hash, given.data_hash);
    EXPECT_EQ(found->origin, ModelOrigin::retrain);
    EXPECT_EQ(found->note, given.note);
    EXPECT_EQ(found->created_at, kept.created_at);
  }
  EXPECT_FALSE(find_model(this->database, "m", "2"));
  EXPECT_FALSE(find_model(this->database, std::string(64, 'c')));
}

TYPED_TEST(Models, ArePromotedAndRolledBackStepByStep) {
  EXPECT_FALSE(model_parts(this->database).serving);
  const auto a = this->model("a"), b = this->model("b"), c = this->model("c");
  EXPECT_THROW(roll_back(this->database, this->alice), InputError);
  EXPECT_TRUE(promote(this->database, this->alice, a.sha256));
  EXPECT_FALSE(promote(this->database, this->alice, a.sha256));
  EXPECT_FALSE(model_parts(this->database).before);
  EXPECT_THROW(roll_back(this->database, this->alice), InputError);
  promote(this->database, this->alice, b.sha256);
  promote(this->database, this->bob, c.sha256);
  EXPECT_EQ(model_parts(this->database).before->sha256, b.sha256);
  EXPECT_EQ(roll_back(this->database, this->bob).sha256, b.sha256);
  EXPECT_EQ(this->serving(), b.version);
  EXPECT_EQ(roll_back(this->database, this->bob).sha256, a.sha256);
  EXPECT_THROW(roll_back(this->database, this->alice), InputError);
  promote(this->database, this->alice, c.sha256);
  EXPECT_EQ(roll_back(this->database, this->alice).sha256, a.sha256);
  EXPECT_THROW(promote(this->database, this->alice, std::string(64, '0')), InputError);
  EXPECT_EQ(this->serving(), a.version);
  EXPECT_THAT(this->audited(), ElementsAre("model.promote a", "model.promote b", "model.promote c", "model.rollback b",
                                           "model.rollback a", "model.promote c", "model.rollback a"));
  EXPECT_FALSE(verify_audit(this->database).broken);
}

TYPED_TEST(Models, HaveAHistoryOfWhoChangedThemAndWhy) {
  const auto a = this->model("a"), b = this->model("b");
  EXPECT_TRUE(model_history(this->database, 10).changes.empty());
  promote(this->database, this->alice, a.sha256, " \n first\tof all ");
  promote(this->database, this->bob, a.sha256, "it answers already");
  set_shadow(this->database, this->bob, b.sha256);
  promote(this->database, this->alice, b.sha256);
  roll_back(this->database, this->bob, std::string(1000, 'x'));
  EXPECT_THROW(promote(this->database, this->bob, b.sha256, std::string(1001, 'x')), InputError);
  EXPECT_THROW(promote(this->database, this->bob, b.sha256, "\xff"), InputError);
  promote(this->database, this->bob, b.sha256, " \t\r\n");
  std::vector<std::string> seen;
  std::string cursor;
  do {
    const auto page = model_history(this->database, 4, cursor);
    for (const auto& one : page.changes)
      seen.push_back(one.actor + " " + one.kind + " " + this->text_of(one.model.sha256) + " " + one.reason);
    cursor = page.next;
  } while (!cursor.empty());
  EXPECT_THAT(seen,
              ElementsAre("key:b promoted b ", "key:b rolled_back a " + std::string(1000, 'x'), "key:a shadow_ended b ",
                          "key:a promoted b ", "key:b shadow b ", "key:a promoted a first\tof all"));
  for (const auto* wrong : {"x", "0", "-1", "1x"}) EXPECT_THROW(model_history(this->database, 4, wrong), InputError);
}

TYPED_TEST(Models, LookOnUntilTheyAnswer) {
  const auto a = this->model("a"), b = this->model("b"), c = this->model("c");
  promote(this->database, this->alice, a.sha256);
  EXPECT_THROW(set_shadow(this->database, this->alice, a.sha256), InputError);
  EXPECT_FALSE(set_shadow(this->database, this->alice, std::nullopt));
  EXPECT_TRUE(set_shadow(this->database, this->alice, b.sha256));
  EXPECT_FALSE(set_shadow(this->database, this->alice, b.sha256));
  EXPECT_TRUE(set_shadow(this->database, this->alice, c.sha256));
  EXPECT_EQ(this->shadow(), c.version);
  promote(this->database, this->alice, b.sha256);
  EXPECT_EQ(this->shadow(), c.version);
  promote(this->database, this->alice, c.sha256);
  EXPECT_EQ(this->shadow(), "none");
  set_shadow(this->database, this->alice, b.sha256);
  roll_back(this->database, this->alice);
  EXPECT_EQ(this->serving(), b.version);
  EXPECT_EQ(this->shadow(), "none");
  EXPECT_THAT(this->audited(),
              ElementsAre("model.promote a", "model.shadow b", "model.shadow c", "model.promote b", "model.promote c",
                          "model.shadow", "model.shadow b", "model.rollback b", "model.shadow"));
}

TYPED_TEST(Models, ChangesAreSeenByWhoAsksForTheLastOne) {
  const auto a = this->model("a"), b = this->model("b");
  std::set<std::int64_t> seen{last_model_change(this->database)};
  promote(this->database, this->alice, a.sha256);
  seen.insert(last_model_change(this->database));
  set_shadow(this->database, this->alice, b.sha256);
  seen.insert(last_model_change(this->database));
  set_shadow(this->database, this->alice, std::nullopt);
  seen.insert(last_model_change(this->database));
  EXPECT_EQ(seen.size(), 4U);
  EXPECT_EQ(model_parts(this->database).change, *seen.rbegin());
}

TYPED_TEST(Models, AgreementIsAddedUpByTheModelThatAnswered) {
  const auto a = this->model("a"), b = this->model("b"), c = this->model("c");
  for (int i = 0; i < 2; ++i)
    add_agreement(this->database, c.sha256,
                  {.served_sha256 = a.sha256, .pictures = 10, .same_class = 8, .same_decision = 9});
  add_agreement(this->database, c.sha256,
                {.served_sha256 = b.sha256, .pictures = 1, .same_class = 0, .same_decision = 1});
  const auto counted = agreements_of(this->database, c.sha256);
  ASSERT_EQ(counted.size(), 2U);
  EXPECT_EQ(counted[0].served_sha256, a.sha256);
  EXPECT_EQ(counted[0].pictures, 20);
  EXPECT_EQ(counted[0].same_class, 16);
  EXPECT_EQ(counted[0].same_decision, 18);
  EXPECT_EQ(counted[1].same_class, 0);
  EXPECT_TRUE(agreements_of(this->database, a.sha256).empty());
}

TYPED_TEST(Models, AreCarriedByABackup) {
  const auto a = this->model("a"), b = this->model("b");
  promote(this->database, this->alice, a.sha256);
  promote(this->database, this->alice, b.sha256);
  set_shadow(this->database, this->alice, a.sha256);
  this->add(this->alice, some_prediction());
  const fs::path out = this->home.folder / "backup";
  const auto summary = back_up(this->database, this->pictures, this->models, this->alice, out);
  EXPECT_EQ(summary.models, 2U);
  EXPECT_EQ(summary.pictures, 1U);
  TypeParam fresh;
  EXPECT_EQ(restore(out, {"local"}, fresh.location).models, 2U);
  Database again(fresh.location, {.create = false});
  const auto parts = model_parts(again);
  EXPECT_EQ(parts.serving.value().sha256, b.sha256);
  EXPECT_EQ(parts.before.value().sha256, a.sha256);
  EXPECT_EQ(parts.shadow.value().sha256, a.sha256);
  const auto content = ModelFolder(fresh.location.folder).read(b.sha256);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(content.data()), content.size()), "b");

  write_file(this->models.path(a.sha256), std::string_view("damaged"));
  EXPECT_THROW(back_up(this->database, this->pictures, this->models, this->alice, this->home.folder / "second"),
               IoError);
}

TEST(ModelFolder, KeepsFilesUnderTheirSha256AndHoldsThemToIt) {
  const TemporaryFolder folder;
  const ModelFolder models(folder.path());
  // NIST's example, FIPS 180-2 appendix B.1
  const std::string hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(models.put(as_bytes("abc")), hash);
  EXPECT_EQ(models.file(hash), folder / "models" / (hash + ".onnx"));
  write_file(models.path(hash), std::string_view("abd"));
  EXPECT_THROW(models.read(hash), IoError);
  EXPECT_THROW(models.file(hash), IoError);
  models.put(as_bytes("abc"));  // what was damaged is written anew
  EXPECT_EQ(models.read(hash).size(), 3U);
  EXPECT_THROW(models.read(std::string(64, '0')), IoError);
  EXPECT_THROW(models.path("../../" + std::string(58, 'a')), IoError);
}

}  // namespace
}  // namespace naevus::store
