#include "connections.hpp"
#include "naevus/store/predictions.hpp"
#include "prediction_rows.hpp"

namespace naevus::store {

std::vector<RecentAnswer> recent_answers(Database& database, const std::string& model, const std::string& model_version,
                                         std::size_t most, Time since) {
  return database.connections().read([&](soci::session& sql) {
    const auto limit = static_cast<long long>(most);
    long long created_at = 0;
    std::string predicted, measures;
    double malignant = 0, ood = 0;
    soci::indicator has_malignant{}, has_ood{}, has_measures{};
    soci::statement statement =
        (sql.prepare << "SELECT created_at, predicted_class, malignant_score, ood_score, measures FROM predictions"
                        " WHERE model = :model AND model_version = :version ORDER BY seq DESC LIMIT :most",
         soci::use(model), soci::use(model_version), soci::use(limit), soci::into(created_at), soci::into(predicted),
         soci::into(malignant, has_malignant), soci::into(ood, has_ood), soci::into(measures, has_measures));
    statement.execute();
    std::vector<RecentAnswer> answers;
    while (statement.fetch()) {
      // The clock may have been set back: the times need not fall.
      if (time_of(created_at) < since) continue;
      RecentAnswer answer{.created_at = time_of(created_at), .predicted_class = predicted};
      if (has_malignant == soci::i_ok) answer.malignant_score = malignant;
      if (has_ood == soci::i_ok) answer.ood_score = ood;
      if (has_measures == soci::i_ok) answer.measures = measures_of(measures);
      answers.push_back(std::move(answer));
    }
    return answers;
  });
}

}  // namespace naevus::store
