#include "naevus/store/test_sets.hpp"

#include <nlohmann/json.hpp>

#include "connections.hpp"
#include "text_check.hpp"

namespace naevus::store {

std::int64_t count_test_reading(Database& database, const Actor& actor, const std::string& hash) {
  check_text(hash, "test set", 200);
  return database.connections().write(actor, [&](Transaction& transaction) {
    transaction.sql << "INSERT INTO test_readings (test_set, readings) VALUES (:hash, 1)"
                       " ON CONFLICT (test_set) DO UPDATE SET readings = test_readings.readings + 1",
        soci::use(hash);
    long long readings = 0;
    transaction.sql << "SELECT readings FROM test_readings WHERE test_set = :hash", soci::use(hash),
        soci::into(readings);
    transaction.audit("test_set.read", hash, {{"readings", readings}});
    return std::int64_t{readings};
  });
}

}  // namespace naevus::store
