#pragma once
#include <CLI/CLI.hpp>

/// The subcommands of `naevus`, one file each. Each function adds its command to the program; the work is done in the
/// command's callback, which throws naevus::Error on failure.
namespace naevus::app {

void add_adopt(CLI::App& root);
void add_augment(CLI::App& root);
void add_audit(CLI::App& root);
void add_backup(CLI::App& root);
void add_bench(CLI::App& root);
void add_calibrate(CLI::App& root);
void add_card(CLI::App& root);
void add_clean(CLI::App& root);
void add_compare(CLI::App& root);
void add_completion(CLI::App& root);
void add_doctor(CLI::App& root);
void add_evaluate(CLI::App& root);
void add_feedback(CLI::App& root);
void add_foreign(CLI::App& root);
void add_gallery(CLI::App& root);
void add_import(CLI::App& root);
void add_key(CLI::App& root);
void add_jobs(CLI::App& root);
void add_models(CLI::App& root);
void add_predict(CLI::App& root);
void add_prepare(CLI::App& root);
void add_restore(CLI::App& root);
void add_retrain(CLI::App& root);
void add_robustness(CLI::App& root);
void add_runs(CLI::App& root);
void add_serve(CLI::App& root);
void add_split(CLI::App& root);
void add_synth(CLI::App& root);
void add_train(CLI::App& root, int argc, char** argv);
void add_tune(CLI::App& root);
void add_user(CLI::App& root);
void add_watch(CLI::App& root, int argc, char** argv);
void add_weights(CLI::App& root);

}  // namespace naevus::app
