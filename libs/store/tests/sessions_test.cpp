#include "naevus/store/sessions.hpp"

#include <chrono>

#include "connections.hpp"
#include "homes.hpp"

namespace naevus::store {
namespace {

using namespace std::chrono_literals;
using testing::MatchesRegex;

const std::string password = "correct horse battery";

template <typename Home>
class Sessions : public Store<Home> {
 protected:
  User user = add_user(this->database, this->alice, {"Grüner", Role::clinician, password});
  Time start = now();
  StartedSession signed_in(Time at) { return sign_in(this->database, "Grüner", password, {}, at).value(); }
  bool lasts(const StartedSession& started, Time at) {
    return find_session(this->database, started.secret, {}, at).has_value();
  }
  std::string kept() {
    return this->database.connections().read([](soci::session& sql) {
      std::string all;
      const soci::rowset<std::string> texts = (sql.prepare << "SELECT id || ' ' || secret_hash FROM sessions");
      for (const auto& text : texts) all += text + "\n";
      return all;
    });
  }
};
TYPED_TEST_SUITE(Sessions, Homes);

TYPED_TEST(Sessions, BeginWithThePasswordAndAreFoundByTheirSecretAlone) {
  EXPECT_FALSE(sign_in(this->database, "Grüner", password + "x"));
  EXPECT_FALSE(sign_in(this->database, "nobody", password));
  EXPECT_EQ(this->kept(), "");
  const auto started = this->signed_in(this->start);
  EXPECT_THAT(started.secret, MatchesRegex("[A-Za-z0-9_-]{43}"));
  EXPECT_THAT(started.session.csrf_token, MatchesRegex("[0-9a-f]{64}"));
  const auto found = find_session(this->database, started.secret, {}, this->start);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, started.session.id);
  ASSERT_TRUE(found->user);
  EXPECT_EQ(found->user->id, this->user.id);
  EXPECT_EQ(found->user->name, "Grüner");
  EXPECT_EQ(found->role, Role::clinician);
  EXPECT_EQ(found->actor.id, this->user.actor().id);
  EXPECT_EQ(found->csrf_token, started.session.csrf_token);
  EXPECT_EQ(found->ends_at, started.session.ends_at);
  for (const auto& wrong : {std::string(), started.session.id, started.secret + "A", started.session.csrf_token})
    EXPECT_FALSE(find_session(this->database, wrong, {}, this->start)) << wrong;
  EXPECT_EQ(this->kept().find(started.secret), std::string::npos);
  EXPECT_EQ(this->kept().find(started.session.csrf_token), std::string::npos);
  const auto another = this->signed_in(this->start);
  EXPECT_NE(another.secret, started.secret);
  EXPECT_NE(another.session.csrf_token, started.session.csrf_token);
}

TYPED_TEST(Sessions, EndAfterEightIdleHoursAndAfterSevenDaysInAll) {
  const auto idle = this->signed_in(this->start);
  EXPECT_TRUE(this->lasts(idle, this->start + 8h - 1ms));
  EXPECT_TRUE(this->lasts(idle, this->start + 15h));  // it was used in between
  EXPECT_FALSE(this->lasts(idle, this->start + 23h));
  const auto busy = this->signed_in(this->start);
  for (auto after = 0h; after < 168h; after += 7h) EXPECT_TRUE(this->lasts(busy, this->start + after)) << after.count();
  EXPECT_TRUE(this->lasts(busy, this->start + 168h - 1ms));
  EXPECT_FALSE(this->lasts(busy, this->start + 168h));
}

TYPED_TEST(Sessions, ThatHaveEndedAreForgottenAtTheNextSignIn) {
  const auto idle = this->signed_in(this->start), busy = this->signed_in(this->start);
  EXPECT_TRUE(this->lasts(busy, this->start + 7h));
  const auto next = this->signed_in(this->start + 9h);
  const std::string kept = this->kept();
  EXPECT_EQ(kept.find(idle.session.id), std::string::npos);
  EXPECT_NE(kept.find(busy.session.id), std::string::npos);
  EXPECT_NE(kept.find(next.session.id), std::string::npos);
}

TYPED_TEST(Sessions, EndBySigningOutAnotherPasswordOrTheUsersRemoval) {
  const auto first = this->signed_in(this->start), second = this->signed_in(this->start);
  EXPECT_TRUE(end_session(this->database, this->user.actor(), first.session.id));
  EXPECT_FALSE(end_session(this->database, this->user.actor(), first.session.id));
  EXPECT_FALSE(this->lasts(first, this->start));
  EXPECT_TRUE(this->lasts(second, this->start));
  set_password(this->database, this->alice, this->user.id, password);
  EXPECT_FALSE(this->lasts(second, this->start));
  const auto third = this->signed_in(this->start);
  remove_user(this->database, this->alice, this->user.id);
  EXPECT_FALSE(this->lasts(third, this->start));
  EXPECT_EQ(this->kept(), "");
}

TYPED_TEST(Sessions, MayBeginWithAKeyWhoseRoleTheyHave) {
  const auto key = create_key(this->database, this->alice, {.name = "page", .role = Role::reviewer});
  EXPECT_FALSE(sign_in_with_key(this->database, key.secret + "x"));
  EXPECT_FALSE(sign_in_with_key(this->database, key.key.id));
  EXPECT_FALSE(sign_in_with_key(this->database, password));
  EXPECT_EQ(this->kept(), "");
  const auto started = sign_in_with_key(this->database, key.secret, {}, this->start).value();
  EXPECT_NE(started.secret, key.secret);
  EXPECT_FALSE(find_key(this->database, started.secret));
  const auto found = find_session(this->database, started.secret, {}, this->start);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->user);
  EXPECT_EQ(found->actor.id, "key:" + key.key.id);
  EXPECT_EQ(found->role, Role::reviewer);
  EXPECT_EQ(found->csrf_token, started.session.csrf_token);
  EXPECT_EQ(found->ends_at, this->start + 168h);
  EXPECT_FALSE(this->lasts(started, this->start + 8h));
  EXPECT_TRUE(end_session(this->database, key.key.actor(), started.session.id));
  EXPECT_FALSE(this->lasts(started, this->start));
}

TYPED_TEST(Sessions, EndWithTheirKey) {
  const auto expiring =
      create_key(this->database, this->alice, {.name = "page", .role = Role::viewer, .expires_at = this->start + 2h});
  const auto hers = sign_in_with_key(this->database, expiring.secret, {}, this->start).value();
  EXPECT_EQ(hers.session.ends_at, this->start + 2h);
  EXPECT_TRUE(this->lasts(hers, this->start + 2h - 1ms));
  EXPECT_FALSE(this->lasts(hers, this->start + 2h));
  EXPECT_FALSE(sign_in_with_key(this->database, expiring.secret, {}, this->start + 2h));
  const auto key = create_key(this->database, this->alice, {.name = "page", .role = Role::viewer}),
             other = create_key(this->database, this->alice, {.name = "page", .role = Role::viewer});
  const auto first = sign_in_with_key(this->database, key.secret, {}, this->start).value(),
             second = sign_in_with_key(this->database, key.secret, {}, this->start).value(),
             others = sign_in_with_key(this->database, other.secret, {}, this->start).value();
  revoke_key(this->database, this->alice, key.key.id);
  EXPECT_FALSE(this->lasts(first, this->start));
  EXPECT_FALSE(this->lasts(second, this->start));
  EXPECT_TRUE(this->lasts(others, this->start));
  EXPECT_FALSE(sign_in_with_key(this->database, key.secret, {}, this->start));
}

}  // namespace
}  // namespace naevus::store
