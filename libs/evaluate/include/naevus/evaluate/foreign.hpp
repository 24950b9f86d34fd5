#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "naevus/base/parallel.hpp"
#include "naevus/dataset/manifest.hpp"
#include "naevus/evaluate/predictions.hpp"
#include "naevus/infer/classifier.hpp"
#include "naevus/metrics/interval.hpp"
#include "naevus/metrics/refusal.hpp"

// Whether a model's refusal score tells pictures that are no skin lesions from those that it is made for.
namespace naevus::evaluate {

struct ForeignOptions {
  std::string model;          ///< named in the result
  std::string part = "test";  ///< of the model's own pictures; as select
  int threads = 0;
};

/// What the limit in the model's card does to pictures of one kind.
struct Refused {
  std::size_t refused = 0, pictures = 0;
  std::optional<metrics::Interval> interval;  ///< of the share: Wilson, 95 %
};

/// One foreign picture.
struct ForeignPicture {
  std::string file;
  double score = 0;  ///< higher: less like the training pictures
  std::string called;
  double probability = 0;  ///< of the called class
};

struct ForeignOutcome {
  std::string model, manifest, part, kind;  ///< kind: "energy" or "mahalanobis"
  std::vector<double> own;                  ///< scores of the part's pictures
  std::vector<ForeignPicture> foreign;      ///< by falling score
  metrics::ForeignScores scores;
  std::optional<metrics::Interval> auroc_interval;  ///< DeLong, 95 %, on the logit scale
  std::optional<double> limit;                      ///< the model's; above it a picture is refused
  Refused own_refused, foreign_refused;             ///< without a limit: none
  std::vector<Failure> failures;
  std::vector<std::string> warnings;
};

/// @param files  pictures that are no skin lesions
/// @throws UsageError, InputError as select; InputError if no own or no foreign picture can be read; Cancelled
ForeignOutcome measure_foreign(const infer::Classifier& classifier, const dataset::Manifest& manifest,
                               std::span<const std::filesystem::path> files, const ForeignOptions& options,
                               const StopToken& stop = {});

std::string to_text(const ForeignOutcome& outcome);
std::string to_json(const ForeignOutcome& outcome);

}  // namespace naevus::evaluate
