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

[[noreturn]] void no_such_user(const std::string& name) {
  throw InputError("there is no such user", name, "naevus user list shows them");
}

std::string id_of(store::Database& database, const std::string& name) {
  for (const auto& user : store::list_users(database))
    if (user.name == name) return user.id;
  no_such_user(name);
}

void remove(const Options& options) {
  store::Database database(options.location, {.create = false});
  if (store::remove_user(database, {"local"}, id_of(database, options.name)) != store::UserRemoval::done)
    no_such_user(options.name);
  fmt::print("{} is removed\n", options.name);
}

void change_password(const Options& options) {
  store::Database database(options.location, {.create = false});
  const std::string id = id_of(database, options.name);
  if (!store::set_password(database, {"local"}, id, new_password())) no_such_user(options.name);
  fmt::print("{} has a new password, and is signed out everywhere\n", options.name);
}

}  // namespace

void add_user(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const user =
      root.add_subcommand("user", "Add, list and remove those who sign in to the detector, and change their password");
  user->footer(
      "Examples:\n  naevus user add 'Dr Grey' --role reviewer\n  naevus user list\n"
      "  naevus user password 'Dr Grey'\n  naevus user remove 'Dr Grey'");
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

  CLI::App* const change = user->add_subcommand(
      "password", "Give a user another password, asked for or read as `add` does, and sign them out everywhere");
  change->add_option("NAME", options->name, "The user's name")->required();
  add_data_options(*change, options->location);
  change->final_callback([options] { change_password(*options); });
}

}  // namespace naevus::app
