#include "naevus/store/access.hpp"

#include <algorithm>
#include <chrono>

#include "connections.hpp"
#include "homes.hpp"
#include "naevus/base/error.hpp"
#include "naevus/store/patients.hpp"
#include "naevus/store/sessions.hpp"

namespace naevus::store {
namespace {

using namespace std::chrono_literals;
using testing::MatchesRegex;

template <typename Home>
class Access : public Store<Home> {};
TYPED_TEST_SUITE(Access, Homes);

std::string all_text_of(Database& database, const std::string& table, const std::string& column) {
  return database.connections().read([&](soci::session& sql) {
    std::string all;
    const soci::rowset<std::string> texts = (sql.prepare << "SELECT " << column << " FROM " << table);
    for (const auto& text : texts) all += text + "\n";
    return all;
  });
}

TYPED_TEST(Access, KeysAreFoundByTheirSecretAloneUntilTheyExpireOrAreRevoked) {
  const auto made = create_key(this->database, this->alice, {.name = "the page", .role = Role::reviewer});
  EXPECT_THAT(made.secret, MatchesRegex("nv_[A-Za-z0-9_-]{43}"));
  ASSERT_TRUE(find_key(this->database, made.secret));
  EXPECT_EQ(find_key(this->database, made.secret)->id, made.key.id);
  EXPECT_EQ(find_key(this->database, made.secret)->role, Role::reviewer);
  EXPECT_FALSE(find_key(this->database, made.secret.substr(3)));
  EXPECT_FALSE(find_key(this->database, made.secret + "A"));
  EXPECT_EQ(all_text_of(this->database, "api_keys", "secret_hash").find(made.secret.substr(3)), std::string::npos);

  const Time end = now() + 24h;
  const auto short_lived = create_key(this->database, this->alice, {.name = "for a day", .expires_at = end});
  EXPECT_TRUE(find_key(this->database, short_lived.secret, end - 1ms));
  EXPECT_FALSE(find_key(this->database, short_lived.secret, end));

  EXPECT_TRUE(revoke_key(this->database, this->alice, made.key.id));
  EXPECT_FALSE(find_key(this->database, made.secret));
  const auto revoked_at = list_keys(this->database)[0].revoked_at;
  ASSERT_TRUE(revoked_at);
  EXPECT_TRUE(revoke_key(this->database, this->alice, made.key.id));
  EXPECT_EQ(list_keys(this->database)[0].revoked_at, revoked_at);
  EXPECT_FALSE(revoke_key(this->database, this->alice, "none"));
  EXPECT_EQ(list_keys(this->database).size(), 2U);
  EXPECT_THROW(create_key(this->database, this->alice, {.name = ""}), InputError);
  EXPECT_THROW(create_key(this->database, this->alice, {.name = "late", .expires_at = now()}), InputError);
}

TYPED_TEST(Access, UsersSignInWithTheirPasswordUntilTheyAreRemoved) {
  const std::string password = "correct horse battery";
  const auto user = add_user(this->database, this->alice, {"Grüner", Role::clinician, password});
  EXPECT_EQ(find_user(this->database, "Grüner", password)->id, user.id);
  EXPECT_FALSE(find_user(this->database, "Grüner", password + "x"));
  EXPECT_FALSE(find_user(this->database, "grüner", password));
  EXPECT_THROW(add_user(this->database, this->alice, {"Grüner", Role::viewer, password}), InputError);
  EXPECT_THROW(add_user(this->database, this->alice, {"other", Role::viewer, "too short"}), InputError);
  EXPECT_THAT(all_text_of(this->database, "users", "password_hash"), testing::StartsWith("$argon2id$"));
  EXPECT_EQ(remove_user(this->database, this->alice, user.id), UserRemoval::done);
  EXPECT_EQ(remove_user(this->database, this->alice, user.id), UserRemoval::no_such_user);
  EXPECT_FALSE(find_user(this->database, "Grüner", password));
  EXPECT_TRUE(list_users(this->database).empty());
}

TYPED_TEST(Access, APasswordIsReplacedByTheNewOne) {
  const auto user = add_user(this->database, this->alice, {"Mo", Role::viewer, "the first password"});
  EXPECT_TRUE(set_password(this->database, this->alice, user.id, "the second password"));
  EXPECT_FALSE(find_user(this->database, "Mo", "the first password"));
  EXPECT_TRUE(find_user(this->database, "Mo", "the second password"));
  EXPECT_FALSE(set_password(this->database, this->alice, "none", "the second password"));
  EXPECT_THROW(set_password(this->database, this->alice, user.id, "too short"), InputError);
}

TYPED_TEST(Access, AUserCantRemoveTheLastAdmin) {
  const auto first = add_user(this->database, this->alice, {"first", Role::admin, "a long password"});
  const auto second = add_user(this->database, this->alice, {"second", Role::admin, "a long password"});
  add_user(this->database, this->alice, {"third", Role::reviewer, "a long password"});
  EXPECT_EQ(remove_user(this->database, second.actor(), first.id), UserRemoval::done);
  EXPECT_EQ(remove_user(this->database, second.actor(), second.id), UserRemoval::last_admin);
  EXPECT_EQ(remove_user(this->database, first.actor(), second.id), UserRemoval::last_admin);  // a request of before
  EXPECT_EQ(remove_user(this->database, {"local"}, second.id), UserRemoval::done);
}

TYPED_TEST(Access, NothingInTheAuditLogTellsWhoIsBehindAnId) {
  auto prediction = some_prediction();
  prediction.patient_key = "Müller 1950";
  prediction.site = "left ear";
  prediction.id = this->add(this->alice, prediction).id;
  create_key(this->database, this->alice, {.name = "Praxis Müller"});
  const auto user = add_user(this->database, this->alice, {"Müller", Role::admin, "a long password"});
  const auto session = sign_in(this->database, "Müller", "a long password")->session;
  end_session(this->database, this->alice, session.id);
  set_password(this->database, this->alice, user.id, "a new password");
  remove_user(this->database, this->alice, user.id);
  const LesionWords words{.point = BodyPoint{.view = "left", .x = 0.1, .y = 0.2}, .site = "ear", .note = "grew"};
  const auto lesion = add_lesion(this->database, this->alice, prediction.patient_key, words);
  change_lesion(this->database, this->alice, lesion.id, {.note = "grew again"});
  file_prediction(this->database, this->alice, prediction.id, lesion.id);
  remove_lesion(this->database, this->alice, lesion.id);
  erase_patient(this->database, this->pictures, this->alice, prediction.patient_key);
  const std::string details = all_text_of(this->database, "audit", "details || object || actor");
  EXPECT_EQ(std::count(details.begin(), details.end(), '\n'), 13);
  for (const char* personal : {"ller", "1950", "ear", "password\"", "grew", "0.2"})
    EXPECT_EQ(details.find(personal), std::string::npos) << details;
}

TEST(Role, IsReadByItsNameAndOrdered) {
  for (const Role role : {Role::viewer, Role::clinician, Role::reviewer, Role::admin})
    EXPECT_EQ(parse_role(std::string(name(role))), role);
  EXPECT_THROW(parse_role("root"), InputError);
  EXPECT_LT(Role::viewer, Role::clinician);
  EXPECT_LT(Role::reviewer, Role::admin);
}

}  // namespace
}  // namespace naevus::store
