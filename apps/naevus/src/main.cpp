#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <memory>
#include <string_view>

#include "commands.hpp"
#include "exit_code.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/log.hpp"
#include "naevus/server/decoder.hpp"

namespace {

using naevus::app::ExitCode;

constexpr const char* about =
    "naevus: from dermoscopic images to a tested skin-lesion classifier.\n"
    "Research software. Its answers are not a diagnosis.";

constexpr const char* closing =
    "A first tour:\n"
    "  naevus synth pictures --images 300 --seed 1      pictures to play with\n"
    "  naevus import pictures -o all.csv                 one table that describes them\n"
    "  naevus clean all.csv -o cleaned                   what is wrong with them\n"
    "  naevus split cleaned/clean.csv -o split.csv       training, validation and test\n"
    "  naevus train --manifest split.csv -o runs/first   a classifier\n"
    "  naevus evaluate runs/first/model.onnx split.csv   what it is worth\n"
    "\nExit codes: 0 done, 1 failed (or part of a batch failed), 2 wrong use, 130 stopped by Ctrl-C.";

std::string version_text() {
  return fmt::format("naevus {}\nOpenVINO {}\nOpenCV {}\nLibTorch {}", NAEVUS_VERSION, NAEVUS_OPENVINO_VERSION,
                     NAEVUS_OPENCV_VERSION, NAEVUS_LIBTORCH_VERSION);
}

int report(const naevus::Error& error, ExitCode code) {
  const std::string where = error.where().empty() ? "" : error.where() + ": ";
  fmt::print(stderr, "naevus: {}{}\n", where, error.problem());
  if (!error.advice().empty()) fmt::print(stderr, "        {}\n", error.advice());
  return static_cast<int>(code);
}

int run(int argc, char** argv) {
  CLI::App root(about, "naevus");
  root.footer(closing);
  root.require_subcommand(1);
  root.get_formatter()->column_width(34);
  root.set_version_flag("--version", version_text(), "Versions of naevus and of the libraries it stands on");
  int verbosity = 0;
  root.add_flag("-v,--verbose", verbosity, "Say more on standard error (-vv: for finding faults)");
  root.fallthrough();
  root.parse_complete_callback([&verbosity] {
    using naevus::log::Level;
    naevus::log::set_level(verbosity == 0 ? Level::warning : verbosity == 1 ? Level::info : Level::debug);
  });
  naevus::app::add_adopt(root);
  naevus::app::add_augment(root);
  naevus::app::add_audit(root);
  naevus::app::add_backup(root);
  naevus::app::add_bench(root);
  naevus::app::add_calibrate(root);
  naevus::app::add_card(root);
  naevus::app::add_clean(root);
  naevus::app::add_compare(root);
  naevus::app::add_completion(root);
  naevus::app::add_doctor(root);
  naevus::app::add_evaluate(root);
  naevus::app::add_feedback(root);
  naevus::app::add_foreign(root);
  naevus::app::add_gallery(root);
  naevus::app::add_import(root);
  naevus::app::add_key(root);
  naevus::app::add_models(root);
  naevus::app::add_jobs(root);
  naevus::app::add_predict(root);
  naevus::app::add_prepare(root);
  naevus::app::add_restore(root);
  naevus::app::add_retrain(root);
  naevus::app::add_robustness(root);
  naevus::app::add_runs(root);
  naevus::app::add_serve(root);
  naevus::app::add_split(root);
  naevus::app::add_synth(root);
  naevus::app::add_train(root, argc, argv);
  naevus::app::add_tune(root);
  naevus::app::add_user(root);
  naevus::app::add_watch(root, argc, argv);
  naevus::app::add_weights(root);

  try {
    root.parse(argc, argv);
    return static_cast<int>(ExitCode::done);
  } catch (const CLI::Success& asked) {  // --help, --version
    return root.exit(asked);
  } catch (const CLI::ParseError& error) {
    const bool unknown_command = root.get_subcommands().empty() && argc > 1 && argv[1][0] != '-';
    fmt::print(stderr, "naevus: {}\n        try: naevus {}--help\n",
               unknown_command ? fmt::format("there is no command '{}'", argv[1]) : error.what(),
               root.get_subcommands().empty() ? "" : root.get_subcommands().front()->get_name() + " ");
    return static_cast<int>(ExitCode::wrong_use);
  } catch (const naevus::app::Exit& exit) {
    return static_cast<int>(exit.code);
  } catch (const naevus::UsageError& error) {
    return report(error, ExitCode::wrong_use);
  } catch (const naevus::Cancelled& error) {
    return report(error, ExitCode::interrupted);
  } catch (const naevus::Error& error) {
    return report(error, ExitCode::failed);
  } catch (const std::bad_alloc&) {
    return report(naevus::Error("not enough memory", "", "use fewer threads, a smaller batch or smaller pictures"),
                  ExitCode::failed);
  } catch (const std::exception& error) {
    return report(naevus::Error(fmt::format("an internal error: {}", error.what()), "",
                                "please report it with the command that you typed"),
                  ExitCode::failed);
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    // A child of `naevus serve`: it needs no command line, and is to have as little in it as can be.
    if (argc == 2 && std::string_view(argv[1]) == "decoder-child") naevus::server::run_decoder_child();
    return run(argc, argv);
  } catch (...) {  // not even a message could be made
    std::fputs("naevus: not enough memory\n", stderr);
    return static_cast<int>(ExitCode::failed);
  }
}
