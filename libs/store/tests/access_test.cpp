#include "naevus/store/access.hpp"

#include <algorithm>
#include <chrono>

#include "connections.hpp"
#include "homes.hpp"
#include "naevus/base/error.hpp"

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
  EXPECT_TRUE(remove_user(this->database, this->alice, "Grüner"));
  EXPECT_FALSE(remove_user(this->database, this->alice, "Grüner"));
  EXPECT_FALSE(find_user(this->database, "Grüner", password));
  EXPECT_TRUE(list_users(this->database).empty());
}

TYPED_TEST(Access, NothingInTheAuditLogTellsWhoIsBehindAnId) {
  auto prediction = some_prediction();
  prediction.patient_key = "Müller 1950";
  prediction.site = "left ear";
  this->add(this->alice, prediction);
  create_key(this->database, this->alice, {.name = "Praxis Müller"});
  add_user(this->database, this->alice, {"Müller", Role::admin, "a long password"});
  remove_user(this->database, this->alice, "Müller");
  const std::string details = all_text_of(this->database, "audit", "details || object || actor");
  EXPECT_EQ(std::count(details.begin(), details.end(), '\n'), 4);
  for (const char* personal : {"ller", "1950", "ear", "password"})
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
