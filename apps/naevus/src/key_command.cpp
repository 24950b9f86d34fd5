#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "commands.hpp"
#include "data_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/store/access.hpp"

namespace naevus::app {
namespace {

struct Options {
  store::Location location;
  std::string name, role = "clinician", id;
  int days = 0;
  bool json = false;
};

nlohmann::json as_json(const store::ApiKey& key) {
  const auto time = [](const std::optional<store::Time>& at) {
    return at ? nlohmann::json(store::as_text(*at)) : nlohmann::json();
  };
  return {{"id", key.id},
          {"name", key.name},
          {"role", store::name(key.role)},
          {"created_at", store::as_text(key.created_at)},
          {"expires_at", time(key.expires_at)},
          {"revoked_at", time(key.revoked_at)}};
}

std::string state_of(const store::ApiKey& key) {
  if (key.revoked_at) return "revoked " + store::as_text(*key.revoked_at);
  if (!key.expires_at) return "valid";
  return (*key.expires_at <= store::now() ? "expired " : "valid until ") + store::as_text(*key.expires_at);
}

void create(const Options& options) {
  store::Database database(options.location);
  store::NewKey wanted{.name = options.name, .role = store::parse_role(options.role)};
  if (options.days > 0) wanted.expires_at = store::now() + std::chrono::days(options.days);
  const auto created = store::create_key(database, {"local"}, wanted);
  if (options.json) {
    auto entry = as_json(created.key);
    entry["secret"] = created.secret;
    fmt::print("{}\n", entry.dump(2));
    return;
  }
  fmt::print("{}\n", created.secret);
  fmt::print(stderr, "key {} for '{}' ({}): kept nowhere and shown this once\n", created.key.id, created.key.name,
             store::name(created.key.role));
}

void list(const Options& options) {
  store::Database database(options.location, {.create = false});
  const auto keys = store::list_keys(database);
  if (options.json) {
    auto entries = nlohmann::json::array();
    for (const auto& key : keys) entries.push_back(as_json(key));
    fmt::print("{}\n", entries.dump(2));
    return;
  }
  if (keys.empty()) fmt::print(stderr, "no keys: naevus key create makes one\n");
  for (const auto& key : keys)
    fmt::print("{}  {:<9}  {}  {}\n", key.id, store::name(key.role), key.name, state_of(key));
}

void revoke(const Options& options) {
  store::Database database(options.location, {.create = false});
  if (!store::revoke_key(database, {"local"}, options.id))
    throw InputError("there is no such key", options.id, "naevus key list shows them");
  fmt::print("key {} is revoked\n", options.id);
}

}  // namespace

void add_key(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const key = root.add_subcommand("key", "Make, list and revoke the keys of the detector's API");
  key->footer(
      "Examples:\n  naevus key create 'reading room' --role reviewer --days 365\n  naevus key list\n"
      "  naevus key revoke 5b0c1f0e9a7d2c34");
  key->require_subcommand(1);

  CLI::App* const make = key->add_subcommand("create", "Make a key; its secret is printed this once");
  make->add_option("NAME", options->name, "Who or what it is for")->required();
  make->add_option("--role", options->role,
                   "viewer, clinician, reviewer or admin; each may do what those before it may")
      ->check(CLI::IsMember({"viewer", "clinician", "reviewer", "admin"}))
      ->capture_default_str();
  make->add_option("--days", options->days, "How long it is valid (default: until it is revoked)")
      ->check(CLI::Range(1, 36500));
  make->add_flag("--json", options->json, "The key and its secret, as JSON");
  add_data_options(*make, options->location);
  make->final_callback([options] { create(*options); });

  CLI::App* const show = key->add_subcommand("list", "List all keys, also expired and revoked ones");
  show->add_flag("--json", options->json, "As JSON");
  add_data_options(*show, options->location);
  show->final_callback([options] { list(*options); });

  CLI::App* const take = key->add_subcommand("revoke", "Make a key invalid for good");
  take->add_option("ID", options->id, "The key's id, as naevus key list shows it")->required();
  add_data_options(*take, options->location);
  take->final_callback([options] { revoke(*options); });
}

}  // namespace naevus::app
