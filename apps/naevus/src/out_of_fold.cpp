#include "out_of_fold.hpp"

#include <fmt/format.h>

#include <string>

#include "naevus/base/csv.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/dataset/split.hpp"
#include "naevus/evaluate/run_model.hpp"
#include "naevus/jobs/training.hpp"

namespace naevus::app {
namespace fs = std::filesystem;
namespace {

/// The predictions for one fold, kept in its folder.
fs::path fold_predictions(const dataset::Manifest& folds, int turn, const OutOfFoldOptions& options,
                          const WorkerPool& pool) {
  const fs::path folder = options.folder / fmt::format("fold-{}", turn), result = folder / "predictions.csv";
  if (fs::exists(result)) return result;
  const fs::path table = options.folder / fmt::format("fold-{}.csv", turn);
  dataset::write_manifest(dataset::fold_manifest(folds, turn), table);
  if (!fs::exists(folder / "model.onnx"))
    jobs::train_run({.config = options.config,
                     .folder = folder,
                     .changed = {{"manifest", fs::absolute(table).string()},
                                 {"labels", ""},  // the manifest's labels are what is judged
                                 {"seed", std::to_string(options.seed)}},
                     .name = fmt::format("training {} of {}", turn, options.folds)});
  const infer::Classifier classifier(folder / "model.onnx", {.threads = pool.threads()});
  const auto predictions = evaluate::run_model(
      classifier, dataset::read_manifest(table),
      {.model = (folder / "model.onnx").string(), .part = "test", .look_for_copies = false, .threads = pool.threads()},
      interrupt_token());
  write_file(result, evaluate::predictions_csv(predictions));
  return result;
}

}  // namespace

fs::path out_of_fold(const dataset::Manifest& manifest, const OutOfFoldOptions& options, WorkerPool& pool) {
  std::vector<fs::path> files;
  files.reserve(manifest.entries.size());
  for (const dataset::Entry& entry : manifest.entries) files.push_back(manifest.image_path(entry));
  const auto split =
      dataset::split(manifest, copies::fingerprints(files, pool), {.folds = options.folds, .seed = options.seed});
  make_folder(options.folder);
  CsvTable all;
  for (int turn = 1; turn <= options.folds; ++turn) {
    CsvTable one = read_csv(fold_predictions(split.manifest, turn, options, pool));
    if (all.header.empty()) all.header = one.header;
    if (one.header != all.header)
      throw InputError(fmt::format("fold {} knows other classes than fold 1", turn), options.folder.string(),
                       "each class needs pictures in every fold: leave rare classes out, or use fewer folds");
    all.rows.insert(all.rows.end(), one.rows.begin(), one.rows.end());
  }
  fs::path path = options.folder / "probabilities.csv";
  write_file(path, to_csv(all));
  return path;
}

}  // namespace naevus::app
