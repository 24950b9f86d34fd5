#include "naevus/registry/add_model.hpp"

#include "naevus/base/file.hpp"
#include "naevus/model/model_file.hpp"

namespace naevus::registry {

store::Model add_model(store::Database& database, const store::ModelFolder& models, const store::Actor& actor,
                       const std::filesystem::path& file, store::Model lineage) {
  const model::Card card = model::read_card(file);
  lineage.sha256 = models.put(read_file(file));
  lineage.name = card.name;
  lineage.version.clear();
  return store::add_model(database, actor, lineage);
}

}  // namespace naevus::registry
