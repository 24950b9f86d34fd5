#include <string>
#include <vector>

#include "commands.hpp"
#include "model_argument.hpp"
#include "naevus/jobs/process.hpp"

namespace naevus::app {

// As with `train`: naevus-watch takes this process's place, with the words behind `watch` as they are.
void add_watch(CLI::App& root, int argc, char** argv) {
  auto* sub = root.add_subcommand("watch", "Say what a model sees in a camera or video (naevus watch --help: options)");
  sub->preparse_callback([argc, argv](std::size_t remaining) {
    std::vector<std::string> words{"--shipped-model", shipped_model().string()};
    words.insert(words.end(), argv + argc - static_cast<std::ptrdiff_t>(remaining), argv + argc);
    jobs::become(jobs::sibling_program("naevus-watch"), words);
  });
}

}  // namespace naevus::app
