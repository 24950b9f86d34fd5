#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "commands.hpp"
#include "data_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/model/model_file.hpp"
#include "naevus/registry/add_model.hpp"
#include "naevus/store/model_folder.hpp"
#include "naevus/store/models.hpp"

namespace naevus::app {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  store::Location location;
  std::string id;
  std::string file;
  std::string reason;
  bool off = false, json = false;
};

bool is(const std::optional<store::Model>& part, const store::Model& model) {
  return part && part->sha256 == model.sha256;
}

Json as_json(const store::Model& model, const store::ModelParts& parts) {
  return {{"id", model.sha256},
          {"name", model.name},
          {"version", model.version},
          {"created_at", store::as_text(model.created_at)},
          {"origin", store::name(model.origin)},
          {"parent", model.parent_sha256},
          {"data_hash", model.data_hash},
          {"serves", is(parts.serving, model)},
          {"shadow", is(parts.shadow, model)}};
}

void print_json(const Json& value) {
  fmt::print("{}\n", value.dump(2, ' ', false, Json::error_handler_t::replace));
}

/// The model whose id begins so.
store::Model model_of(store::Database& database, const std::string& id) {
  constexpr std::size_t fewest = 8;
  std::optional<store::Model> found;
  for (const auto& model : store::list_models(database)) {
    if (id.size() < fewest || !model.sha256.starts_with(id)) continue;
    if (found) throw InputError("several models begin so", id, "write more of it");
    found = model;
  }
  if (!found)
    throw InputError("there is no such model", id, "naevus models list shows them; 8 digits of the id are enough");
  return *found;
}

void list(const Options& options) {
  store::Database database(options.location, {.create = false});
  const auto parts = store::model_parts(database);
  const auto models = store::list_models(database);
  if (options.json) {
    auto entries = Json::array();
    for (const auto& model : models) entries.push_back(as_json(model, parts));
    return print_json(entries);
  }
  if (models.empty()) fmt::print(stderr, "no models: naevus models add enters one, and so does naevus serve\n");
  for (const auto& model : models)
    fmt::print("{}  {:<7} {} {}  {} v{}\n", model.sha256.substr(0, 12), store::name(model.origin),
               store::as_text(model.created_at),
               is(parts.serving, model)  ? "serves"
               : is(parts.shadow, model) ? "shadow"
                                         : "-     ",
               model.name, model.version);
}

void add(const Options& options) {
  store::Database database(options.location);
  const store::ModelFolder files(options.location.folder);
  const auto model = registry::add_model(database, files, {"local"}, options.file);
  if (options.json) return print_json(as_json(model, store::model_parts(database)));
  fmt::print("{} v{} is entered as {}\n", model.name, model.version, model.sha256.substr(0, 12));
}

void show(const Options& options) {
  store::Database database(options.location, {.create = false});
  const auto model = model_of(database, options.id);
  const auto parts = store::model_parts(database);
  const auto agreements = store::agreements_of(database, model.sha256);
  Json entry = as_json(model, parts);
  entry["note"] = model.note;
  entry["agreement"] = Json::array();
  for (const auto& one : agreements)
    entry["agreement"].push_back({{"with", one.served_sha256},
                                  {"pictures", one.pictures},
                                  {"same_class", one.same_class},
                                  {"same_decision", one.same_decision}});
  if (options.json) return print_json(entry);
  fmt::print("{} v{}{}\nid         {}\nentered    {} ({})\n", model.name, model.version,
             is(parts.serving, model)  ? ", which answers"
             : is(parts.shadow, model) ? ", which looks on as shadow"
                                       : "",
             model.sha256, store::as_text(model.created_at), store::name(model.origin));
  if (!model.parent_sha256.empty()) fmt::print("parent     {}\n", model.parent_sha256);
  if (!model.data_hash.empty()) fmt::print("data       {}\n", model.data_hash);
  if (!model.note.empty()) fmt::print("note       {}\n", model.note);
  for (const auto& one : agreements)
    fmt::print("beside     {}: {} pictures, {} of them the same class, {} the same decision\n",
               one.served_sha256.substr(0, 12), one.pictures, one.same_class, one.same_decision);
  fmt::print("file       {}\n", store::ModelFolder(options.location.folder).file(model.sha256).string());
  fmt::print(stderr, "naevus card shows what the file says of itself\n");
}

void promote(const Options& options) {
  store::Database database(options.location, {.create = false});
  const auto model = model_of(database, options.id);
  (void)model::read_card(store::ModelFolder(options.location.folder).file(model.sha256));  // it is whole
  const bool changed = store::promote(database, {"local"}, model.sha256, options.reason);
  fmt::print("{} v{} {}\n", model.name, model.version, changed ? "is promoted" : "serves already");
}

void roll_back(const Options& options) {
  store::Database database(options.location, {.create = false});
  const auto model = store::roll_back(database, {"local"}, options.reason);
  fmt::print("back to {} v{}\n", model.name, model.version);
}

void shadow(const Options& options) {
  if (options.off == !options.id.empty())
    throw UsageError("name the model that is to look on, or say --off", "naevus models shadow");
  store::Database database(options.location, {.create = false});
  if (options.off) {
    fmt::print("{}\n", store::set_shadow(database, {"local"}, std::nullopt) ? "no model looks on any more"
                                                                            : "no model looked on");
    return;
  }
  const auto model = model_of(database, options.id);
  store::set_shadow(database, {"local"}, model.sha256);
  fmt::print("{} v{} looks on\n", model.name, model.version);
}

CLI::App* part(CLI::App* models, const std::shared_ptr<Options>& options, const char* name, const char* what,
               void (*run)(const Options&)) {
  CLI::App* const sub = models->add_subcommand(name, what);
  add_data_options(*sub, options->location);
  sub->final_callback([options, run] { run(*options); });
  return sub;
}

}  // namespace

void add_models(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const models = root.add_subcommand("models", "Enter, promote, roll back and shadow the detector's models");
  models->footer(
      "A server on the same data follows within some seconds, without dropping a request.\n"
      "Examples:\n"
      "  naevus models add runs/second/model.onnx\n"
      "  naevus models shadow 5b0c1f0e9a7d      it looks on, and how often it agrees is counted\n"
      "  naevus models promote 5b0c1f0e9a7d --reason 'more melanomas found, as many false alarms'\n"
      "  naevus models rollback");
  models->require_subcommand(1);
  const char* const which = "The model's id as naevus models list shows it, or 8 digits of its beginning or more";

  part(models, options, "list", "List all models, oldest first", list)->add_flag("--json", options->json, "As JSON");
  CLI::App* const enter = part(models, options, "add", "Keep a model file in the data folder", add);
  enter->add_option("FILE", options->file, "The model, .onnx")->required();
  enter->add_flag("--json", options->json, "As JSON");
  CLI::App* const one = part(models, options, "show", "Show where a model came from, and how it did as shadow", show);
  one->add_option("ID", options->id, which)->required();
  one->add_flag("--json", options->json, "As JSON");
  const char* const why = "Why, in words for those who come later; kept in the models' history";
  CLI::App* const promotion = part(models, options, "promote", "From now on this model answers", promote);
  promotion->add_option("ID", options->id, which)->required();
  promotion->add_option("--reason", options->reason, why);
  part(models, options, "rollback", "Undo the last promotion: the model before it answers again", roll_back)
      ->add_option("--reason", options->reason, why);
  CLI::App* const look_on = part(models, options, "shadow", "Let a model look at what is answered, unheard", shadow);
  look_on->add_option("ID", options->id, which);
  look_on->add_flag("--off", options->off, "No model looks on any more");
}

}  // namespace naevus::app
