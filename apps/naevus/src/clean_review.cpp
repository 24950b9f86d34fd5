#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pwd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "clean_subcommands.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/base/terminal.hpp"
#include "naevus/clean/workspace.hpp"
#include "naevus/image/decode.hpp"
#include "picture_in_terminal.hpp"
#include "review_page.hpp"

namespace naevus::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path folder;
  std::string reviewer;
  std::vector<std::string> kinds;
  int port = 0;
  bool page = false, compare = false, json = false, no_pictures = false;
};

std::string login_name() {
  if (const char* name = std::getenv("USER"); name != nullptr && *name != '\0') return name;
  const passwd* user = ::getpwuid(::getuid());
  return user != nullptr ? user->pw_name : "reviewer";
}

int terminal_width() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::optional<image::Image> picture_at(const fs::path& path) {
  try {
    return image::load(path);
  } catch (const Error& error) {
    fmt::print("{}\n", error.what());
    return std::nullopt;
  }
}

/// Walks the open findings, asking on standard output and reading a line for each from standard input.
class Walk {
 public:
  Walk(const clean::Workspace& workspace, Options options)
      : options_(std::move(options)),
        settled_(clean::settle(workspace)),
        log_(workspace.answers()),
        open_(clean::open_findings(settled_.findings, log_.answers(), options_.reviewer,
                                   clean::read_policy(workspace.policy()), options_.kinds)) {}

  /// @return how many were answered
  std::size_t run() {
    for (std::size_t i = 0; i < open_.size(); ++i) {
      show(i);
      const auto answer = ask(settled_.findings[open_[i]]);
      if (!answer) break;
      log_.add(*answer);
      ++answered_;
    }
    return answered_;
  }

  std::size_t open() const { return open_.size() - answered_; }

 private:
  void show(std::size_t i) const {
    const clean::Finding& finding = settled_.findings[open_[i]];
    const auto& entry = settled_.original.entries[finding.row];
    fmt::print("\n{}  {}\n", styled(fmt::format("{} of {}", grouped(i + 1), grouped(open_.size())), Style::dim),
               styled(clean::kind_of(finding.kind).title, Style::bold));
    fmt::print("{}  ({})\n", finding.image, entry.label.empty() ? "no label" : entry.label);
    if (!finding.other.empty()) {
      const bool row = finding.other_row != clean::no_row;
      const std::string label = row ? settled_.original.entries[finding.other_row].label : "in the other manifest";
      fmt::print("{}  ({})\n", finding.other, label.empty() ? "no label" : label);
    }
    fmt::print("{}\n", finding.evidence);
    if (options_.no_pictures || !stdout_is_terminal()) return;
    const auto first = picture_at(settled_.original.image_path(entry));
    if (!first) return;
    const bool pair = clean::has_other_picture(finding);
    const auto second = pair ? picture_at(clean::other_path(settled_.original, finding)) : std::nullopt;
    fmt::print("{}", in_terminal(*first, second, terminal_width()));
  }

  /// Nothing: the reviewer stops.
  std::optional<clean::Answer> ask(const clean::Finding& finding) const {
    const bool pair = finding.other_row != clean::no_row && finding.other_row != finding.row;
    for (;;) {
      fmt::print("[k]eep  [d]rop  [r]elabel{}  [n]ot sure  [q]uit > ", pair ? "  [s]ame lesion" : "");
      std::fflush(stdout);
      std::string line;
      if (interrupt_token().requested() || !std::getline(std::cin, line) || interrupt_token().requested())
        return std::nullopt;
      clean::Answer answer{.reviewer = options_.reviewer,
                           .kind = finding.kind,
                           .image = finding.image,
                           .other = finding.other,
                           .choice = clean::Choice::not_sure,
                           .label = {}};
      if (line == "q") return std::nullopt;
      if (line == "n") return answer;
      if (line == "k" || line == "d") {
        answer.choice = line == "k" ? clean::Choice::keep : clean::Choice::drop;
        return answer;
      }
      if (line == "s" && pair) {
        answer.choice = clean::Choice::same_lesion;
        return answer;
      }
      if (line.starts_with("r") && relabelled(line, answer)) return answer;
      if (!line.starts_with("r")) fmt::print("'{}' is none of the answers\n", line);
    }
  }

  /// "r mel", or "r" and the label in the next line.
  bool relabelled(const std::string& line, clean::Answer& answer) const {
    const std::vector<std::string> classes = settled_.original.classes();
    std::string label = line.size() > 2 && line[1] == ' ' ? line.substr(2) : std::string();
    if (label.empty()) {
      fmt::print("label ({}) > ", fmt::join(classes, ", "));
      std::fflush(stdout);
      if (!std::getline(std::cin, label)) return false;
    }
    if (std::find(classes.begin(), classes.end(), label) == classes.end()) {
      fmt::print("'{}' is none of the set's labels: {}\n", label, fmt::join(classes, ", "));
      return false;
    }
    answer.choice = clean::Choice::relabel;
    answer.label = label;
    return true;
  }

  Options options_;
  clean::Settled settled_;
  clean::AnswerLog log_;
  std::vector<std::size_t> open_;
  std::size_t answered_ = 0;
};

void compare(const clean::Workspace& workspace, bool json) {
  const auto found = clean::agreements(clean::read_answers(workspace.answers()));
  if (found.empty())
    throw InputError("no two reviewers answered the same finding", workspace.answers().string(),
                     "naevus clean review FOLDER --reviewer NAME");
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const clean::ReviewerAgreement& pair : found) {
    nlohmann::ordered_json item{{"first", pair.first},
                                {"second", pair.second},
                                {"findings", pair.findings},
                                {"agreed", pair.agreed},
                                {"kappa", nullptr}};
    std::string kappa = "–  (both gave one and the same answer throughout)";
    if (pair.kappa) {
      const auto& k = *pair.kappa;
      item["kappa"] = {{"value", k.kappa}, {"low", k.interval.low}, {"high", k.interval.high}};
      kappa = fmt::format("{:.2f}  [{:.2f}, {:.2f}]", k.kappa, k.interval.low, k.interval.high);
    }
    list.push_back(std::move(item));
    if (!json)
      fmt::print("{} and {}: {} findings, agreed on {}; Cohen's kappa {}\n", pair.first, pair.second,
                 grouped(pair.findings), grouped(pair.agreed), kappa);
  }
  if (json) fmt::print("{}\n", list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

ReviewCounts review_in_terminal(const clean::Workspace& workspace, const Options& options) {
  Walk walk(workspace, options);
  const std::size_t answered = walk.run();
  return {.answered = answered, .open = walk.open()};
}

void run(Options options) {
  const clean::Workspace workspace(options.folder);
  workspace.check();
  for (const std::string& kind : options.kinds) clean::kind_of(kind, "--kind");
  if (options.compare) return compare(workspace, options.json);
  if (options.reviewer.empty()) options.reviewer = login_name();
  const auto [answered, open] = options.page ? review_on_page(workspace, options.reviewer, options.kinds,
                                                              static_cast<std::uint16_t>(options.port))
                                             : review_in_terminal(workspace, options);
  const clean::Settled settled = clean::settle(workspace);
  fmt::print("\n{} answered, {} open; {}: {} of {} pictures\n", grouped(answered), grouped(open),
             workspace.clean().string(), grouped(settled.clean.entries.size()),
             grouped(settled.original.entries.size()));
}

}  // namespace

void add_clean_review(CLI::App& clean) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub = clean.add_subcommand("review", "Answer the open findings one by one");
  sub->add_option("FOLDER", options->folder, "What `naevus clean` wrote")->required();
  sub->add_option("--reviewer", options->reviewer, "Your name (default: the login's)");
  sub->add_option("--kind", options->kinds, "Only findings of these kinds (default: all that the policy only reports)")
      ->delimiter(',');
  CLI::Option* const page = sub->add_flag("--page", options->page, "Ask on a page in the browser of this machine");
  sub->add_option("--port", options->port, "The page's port (default: one that is free)")
      ->check(CLI::Range(1, 65535))
      ->needs(page);
  sub->add_flag("--no-pictures", options->no_pictures, "Do not draw the pictures in the terminal")->excludes(page);
  sub->add_flag("--compare", options->compare, "How far the reviewers agree, instead (Cohen's kappa)")->excludes(page);
  sub->add_flag("--json", options->json, "With --compare: as JSON");
  sub->footer(
      "Every answer is kept at once, in answers.csv; stopped at any moment, the same command goes on where it was.\n"
      "clean.csv follows the answers at the end. Where two reviewers differ, nothing is done.\n"
      "Examples:\n"
      "  naevus clean review cleaned\n"
      "  naevus clean review cleaned --reviewer ada --kind near_copy,label_error\n"
      "  naevus clean review cleaned --page --reviewer ada    (prints the address to open; Ctrl-C ends it)\n"
      "  naevus clean review cleaned --compare");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
