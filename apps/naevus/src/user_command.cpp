#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "commands.hpp"
#include "data_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/store/access.hpp"
#include "password_prompt.hpp"

namespace naevus::app {
namespace {

struct Options {
  store::Location location;
  std::string name, role = "clinician";
  bool json = false;
};

void add(const Options& options) {
  const store::NewUser wanted{
      .name = options.name, .role = store::parse_role(options.role), .password = new_password()};
  store::Database database(options.location);
  const auto user = store::add_user(database, {"local"}, wanted);
  fmt::print("{} is added ({})\n", user.name, store::name(user.role));
}

void list(const Options& options) {
  store::Database database(options.location, {.create = false});
  const auto users = store::list_users(database);
  if (options.json) {
    auto entries = nlohmann::json::array();
    for (const auto& user : users)
      entries.push_back({{"id", user.id},
                         {"name", user.name},
                         {"role", store::name(user.role)},
                         {"created_at", store::as_text(user.created_at)}});
    fmt::print("{}\n", entries.dump(2));
    return;
  }
  if (users.empty()) fmt::print(stderr, "no users: naevus user add enters one\n");
  for (const auto& user : users) fmt::print("{}  {:<9}  {}\n", user.id, store::name(user.role), user.name);
}

void remove(const Options& options) {
  store::Database database(options.location, {.create = false});
  if (!store::remove_user(database, {"local"}, options.name))
    throw InputError("there is no such user", options.name, "naevus user list shows them");
  fmt::print("{} is removed\n", options.name);
}

}  // namespace

void add_user(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const user = root.add_subcommand("user", "Add, list and remove those who sign in on the detector's page");
  user->footer(
      "Examples:\n  naevus user add 'Dr Grey' --role reviewer\n  naevus user list\n  naevus user remove 'Dr Grey'");
  user->require_subcommand(1);

  CLI::App* const enter =
      user->add_subcommand("add", "Add a user; the password is asked for, or read as a line from standard input");
  enter->add_option("NAME", options->name, "The name to sign in with")->required();
  enter
      ->add_option("--role", options->role,
                   "viewer, clinician, reviewer or admin; each may do what those before it may")
      ->check(CLI::IsMember({"viewer", "clinician", "reviewer", "admin"}))
      ->capture_default_str();
  add_data_options(*enter, options->location);
  enter->final_callback([options] { add(*options); });

  CLI::App* const show = user->add_subcommand("list", "List all users");
  show->add_flag("--json", options->json, "As JSON");
  add_data_options(*show, options->location);
  show->final_callback([options] { list(*options); });

  CLI::App* const take = user->add_subcommand("remove", "Remove a user");
  take->add_option("NAME", options->name, "The user's name")->required();
  add_data_options(*take, options->location);
  take->final_callback([options] { remove(*options); });
}

}  // namespace naevus::app
