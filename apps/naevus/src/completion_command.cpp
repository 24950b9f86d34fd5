#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/log.hpp"
#include "naevus/jobs/process.hpp"

namespace naevus::app {
namespace {

/// What a shell needs to know of one option.
struct Flag {
  std::vector<std::string> names;  ///< "-o", "--output"
  std::string description;
  bool takes_value = false;
  std::vector<std::string> choices;  ///< the values it takes; empty: a file
};

struct Command {
  std::string name, description;
  std::vector<Flag> flags;           ///< with those of its own subcommands
  std::vector<std::string> words{};  ///< that may come first: its subcommands, or the only values it takes
  bool only_words = false;           ///< else files may come first too
};

/// The values of an option that CLI::IsMember checks; CLI11 tells them in the type name alone: "TEXT:{bash,zsh}".
std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const auto open = type.find(":{"), close = type.rfind('}');
  if (open == std::string::npos || close == std::string::npos) return {};
  return CLI::detail::split(type.substr(open + 2, close - open - 2), ',');
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

std::vector<Flag> flags_of(const CLI::App& app) {
  std::vector<Flag> flags;
  for (const CLI::Option* option : app.get_options({})) {
    if (!option->nonpositional()) continue;
    Flag flag{.description = first_line(option->get_description()),
              .takes_value = option->get_items_expected_max() > 0,
              .choices = choices_of(*option)};
    for (const auto& name : option->get_snames()) flag.names.push_back("-" + name);
    for (const auto& name : option->get_lnames()) flag.names.push_back("--" + name);
    flags.push_back(std::move(flag));
  }
  return flags;
}

/// The flag that a line of a program's --list-options tells: names, type (none: a switch) and description, parted by
/// tabs.
Flag listed_flag(const std::string& line) {
  const auto fields = CLI::detail::split(line, '\t');
  const std::string& type = fields.at(1);
  Flag flag{.names = CLI::detail::split(fields.at(0), ','),
            .description = fields.at(2),
            .takes_value = !type.empty(),
            .choices = {}};
  if (type == "true or false")
    flag.choices = {"true", "false"};
  else if (type.find('|') != type.npos)
    flag.choices = CLI::detail::split(type, '|');
  return flag;
}

/// `train` and `watch` pass their words on, so their options are those of naevus-train and naevus-watch; none where
/// that program was not installed.
std::vector<Flag> passed_on_flags(const std::string& command) {
  std::vector<Flag> flags;
  try {
    const jobs::Command ask{.program = jobs::sibling_program("naevus-" + command),
                            .arguments = {"--list-options"},
                            .error_file = "/dev/null"};
    jobs::run(ask, [&](const std::string& line) { flags.push_back(listed_flag(line)); });
  } catch (const Error& error) {
    log::info(fmt::format("options of {} are left out: {}", command, error.what()));
  }
  return flags;
}

/// Its subcommands and their flags: a line is completed with all of them.
void add_subcommands(CLI::App& sub, Command& command) {
  for (CLI::App* below : sub.get_subcommands([](CLI::App*) { return true; })) {
    command.words.push_back(below->get_name());
    for (Flag& flag : flags_of(*below)) {
      const bool known = std::any_of(command.flags.begin(), command.flags.end(),
                                     [&](const Flag& other) { return other.names == flag.names; });
      if (!known) command.flags.push_back(std::move(flag));
    }
  }
}

std::vector<Command> commands_of(CLI::App& root) {
  std::vector<Command> commands;
  for (CLI::App* sub : root.get_subcommands([](CLI::App*) { return true; })) {
    commands.push_back({sub->get_name(), first_line(sub->get_description()), flags_of(*sub)});
    add_subcommands(*sub, commands.back());
    if (sub->get_name() == "completion") {
      commands.back().words = {"bash", "zsh", "fish"};
      commands.back().only_words = true;
    }
    if (sub->get_name() == "train" || sub->get_name() == "watch") {
      commands.back().flags = passed_on_flags(sub->get_name());
      continue;
    }
    for (auto& inherited : flags_of(root))
      if (inherited.names.front() != "-h" && inherited.names.back() != "--version")
        commands.back().flags.push_back(std::move(inherited));
  }
  return commands;
}

/// The text inside single quotes of any of the three shells.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string all_names(const std::vector<Flag>& flags) {
  std::string words;
  for (const auto& flag : flags)
    for (const auto& name : flag.names) words += (words.empty() ? "" : " ") + name;
  return words;
}

std::string bash_script(CLI::App& root) {
  std::string names, flags, values;
  for (const auto& command : commands_of(root)) {
    names += (names.empty() ? "" : " ") + command.name;
    flags += fmt::format("    {}) flags={} ;;\n", command.name, quoted(all_names(command.flags)));
    if (!command.words.empty())
      values += fmt::format("    '{0} {0}') COMPREPLY=($(compgen -W '{1}'{2} -- \"$word\")); return ;;\n", command.name,
                            fmt::join(command.words, " "), command.only_words ? "" : " -f");
    for (const auto& flag : command.flags) {
      if (flag.choices.empty()) continue;
      for (const auto& name : flag.names)
        values += fmt::format("    '{} {}') COMPREPLY=($(compgen -W '{}' -- \"$word\")); return ;;\n", command.name,
                              name, fmt::join(flag.choices, " "));
    }
  }
  return fmt::format(R"(# bash completion for naevus:  source <(naevus completion bash)
_naevus() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} command= flags= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${{COMP_WORDS[i]}} == -* ]] || {{ command=${{COMP_WORDS[i]}}; break; }}
  done
  case "$command $previous" in
{}  esac
  case "$command" in
    '') COMPREPLY=($(compgen -W '{} {}' -- "$word")); return ;;
{}  esac
  [[ $word == -* ]] && COMPREPLY=($(compgen -W "$flags" -- "$word"))
}}
complete -o default -F _naevus naevus
)",
                     values, names, all_names(flags_of(root)), flags);
}

/// A description in an _arguments or _describe entry: those characters have a meaning there.
std::string zsh_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_script(CLI::App& root) {
  std::string list, cases;
  for (const auto& command : commands_of(root)) {
    list += "    " + quoted(command.name + ":" + zsh_text(command.description)) + "\n";
    cases += fmt::format("    {}) _arguments", command.name);
    for (const auto& flag : command.flags) {
      const std::string value = !flag.takes_value      ? ""
                                : flag.choices.empty() ? ":value:_files"
                                                       : fmt::format(":value:({})", fmt::join(flag.choices, " "));
      for (const auto& name : flag.names)
        cases += fmt::format(" \\\n      {}", quoted(fmt::format("{}[{}]{}", name, zsh_text(flag.description), value)));
    }
    if (command.only_words)
      cases += fmt::format(" \\\n      '1:word:({})' ;;\n", fmt::join(command.words, " "));
    else if (!command.words.empty())
      cases +=
          fmt::format(" \\\n      '1:word:_alternative \"words:word:({})\" \"files:file:_files\"' '*:file:_files' ;;\n",
                      fmt::join(command.words, " "));
    else
      cases += " \\\n      '*:file:_files' ;;\n";
  }
  return fmt::format(R"(#compdef naevus
# zsh completion for naevus:  naevus completion zsh > "${{fpath[1]}}/_naevus"
_naevus() {{
  local -a commands=(
{}  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
{}  esac
}}
if [ "$funcstack[1]" = _naevus ]; then _naevus "$@"; else compdef _naevus naevus; fi
)",
                     list, cases);
}

std::string fish_script(CLI::App& root) {
  std::string out =
      "# fish completion for naevus:  naevus completion fish > ~/.config/fish/completions/naevus.fish\n"
      "complete -c naevus -n __fish_use_subcommand -f\n";
  for (const auto& command : commands_of(root)) {
    out += fmt::format("complete -c naevus -n __fish_use_subcommand -a {} -d {}\n", command.name,
                       quoted(command.description));
    const std::string inside = quoted("__fish_seen_subcommand_from " + command.name);
    for (const auto& flag : command.flags) {
      out += "complete -c naevus -n " + inside;
      for (const auto& name : flag.names)
        out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (!flag.choices.empty())
        out += fmt::format(" -x -a '{}'", fmt::join(flag.choices, " "));
      else if (flag.takes_value)
        out += " -r";
      out += " -d " + quoted(flag.description) + "\n";
    }
    if (!command.words.empty())
      out += fmt::format("complete -c naevus -n {}{} -a '{}'\n", inside, command.only_words ? " -f" : "",
                         fmt::join(command.words, " "));
  }
  return out;
}

}  // namespace

void add_completion(CLI::App& root) {
  auto* sub = root.add_subcommand("completion", "Print the completion script of a shell");
  auto shell = std::make_shared<std::string>();
  sub->add_option("shell", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  sub->footer(
      "Examples:\n"
      "  source <(naevus completion bash)\n"
      "  naevus completion zsh > \"${fpath[1]}/_naevus\"\n"
      "  naevus completion fish > ~/.config/fish/completions/naevus.fish");
  sub->callback([&root, shell] {
    fmt::print("{}", *shell == "bash" ? bash_script(root) : *shell == "zsh" ? zsh_script(root) : fish_script(root));
  });
}

}  // namespace naevus::app
