#include <string>
#include <vector>

#include "commands.hpp"
#include "naevus/jobs/process.hpp"

namespace naevus::app {

// naevus-train has options of its own, so all words behind `train` go to it as they are, --help too; it takes this
// process's place, so signals and the exit code need no passing on.
void add_train(CLI::App& root, int argc, char** argv) {
  auto* sub = root.add_subcommand("train", "Train a classifier (naevus train --help: its options)");
  sub->preparse_callback([argc, argv](std::size_t remaining) {
    const std::vector<std::string> words(argv + argc - static_cast<std::ptrdiff_t>(remaining), argv + argc);
    jobs::become(jobs::sibling_program("naevus-train"), words);
  });
}

}  // namespace naevus::app
