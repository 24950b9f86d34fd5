#include "naevus/clean/model_findings.hpp"

#include <faiss/IndexHNSW.h>
#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "naevus/base/error.hpp"
#include "naevus/base/progress.hpp"

namespace naevus::clean {
namespace {

using dataset::Entry;
using dataset::Manifest;
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr Eigen::Index most_numbers = 768;
constexpr std::size_t most_learned_from = 20'000;
/// A limit that holds back a hundredth of good pictures would name too many of a large set.
constexpr double margin = 1.5;
/// Below it, pairs are more often two lesions than one; see docs/results.md.
constexpr float least_likeness = 0.45F;
constexpr int neighbours = 6;

/// Takes from an embedding what all pictures share.
class Whitening {
 public:
  /// @param rows  embeddings to learn from, at least one
  explicit Whitening(const Matrix& rows) : mean_(rows.colwise().mean()) {
    const Matrix centred = rows.rowwise() - mean_;
    const Eigen::MatrixXd covariance =
        (centred.transpose() * centred).cast<double>() / static_cast<double>(rows.rows());
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);  // eigenvalues rise
    // A component that is known from fewer than ten pictures is noise.
    const Eigen::Index width = rows.cols(),
                       kept = std::clamp<Eigen::Index>(rows.rows() / 10, 1, std::min(width, most_numbers));
    const double least = 1e-6 * std::max(solver.eigenvalues()(width - 1), 1e-12);
    const Eigen::VectorXd scale = solver.eigenvalues().tail(kept).cwiseMax(least).cwiseSqrt().cwiseInverse();
    axes_ = (solver.eigenvectors().rightCols(kept) * scale.asDiagonal()).cast<float>();
  }

  std::size_t width() const { return static_cast<std::size_t>(axes_.cols()); }

  /// Of length 1.
  Eigen::RowVectorXf operator()(const Eigen::Ref<const Eigen::RowVectorXf>& row) const {
    return ((row - mean_) * axes_).normalized();
  }

 private:
  Eigen::RowVectorXf mean_;
  Eigen::MatrixXf axes_;
};

/// Of each row its nearest others, with their cosines.
struct Nearest {
  std::vector<float> likeness;
  std::vector<long> row;
};

Nearest nearest(const Embedded& embedded) {
  const auto rows = static_cast<long>(embedded.ood_score.size());
  constexpr int links = 32, breadth = 96;
  faiss::IndexHNSWFlat index(static_cast<int>(embedded.width), links, faiss::METRIC_INNER_PRODUCT);
  index.hnsw.efConstruction = breadth;
  index.hnsw.efSearch = breadth;
  index.add(rows, embedded.embedding.data());
  const auto size = static_cast<std::size_t>(rows) * (neighbours + 1);
  Nearest result{std::vector<float>(size), std::vector<long>(size)};
  index.search(rows, embedded.embedding.data(), neighbours + 1, result.likeness.data(), result.row.data());
  return result;
}

bool known_to_be_one(const Entry& a, const Entry& b) {
  return !a.lesion_id.empty() && a.lesion_id == b.lesion_id;
}

}  // namespace

Embedded embed(const infer::Classifier& classifier, const std::vector<std::filesystem::path>& files,
               const StopToken& stop) {
  Embedded result;
  result.ood_score.resize(files.size(), std::numeric_limits<float>::quiet_NaN());
  std::optional<Whitening> whitening;
  Matrix first;                    // as the network gives them, until there are enough to learn from
  std::vector<std::size_t> taken;  // the rows of `first`
  const auto put = [&](std::size_t i, const Eigen::Ref<const Eigen::RowVectorXf>& row) {
    const Eigen::RowVectorXf white = (*whitening)(row);
    std::copy_n(white.data(), result.width, result.embedding.data() + i * result.width);
  };
  const auto learn = [&] {
    if (whitening || taken.empty()) return;
    whitening.emplace(Matrix(first.topRows(static_cast<Eigen::Index>(taken.size()))));
    result.width = whitening->width();
    result.embedding.resize(files.size() * result.width, 0);
    for (std::size_t k = 0; k < taken.size(); ++k) put(taken[k], first.row(static_cast<Eigen::Index>(k)));
    first.resize(0, 0);
  };
  Progress progress("embedding", files.size());
  const auto take = [&](std::size_t i, const infer::Outcome& outcome) {
    progress.advance();
    const auto* answer = std::get_if<infer::Answer>(&outcome);
    if (answer == nullptr) return;
    result.ood_score[i] = answer->ood_score;
    const Eigen::Map<const Eigen::RowVectorXf> row(answer->embedding.data(),
                                                   static_cast<Eigen::Index>(answer->embedding.size()));
    if (whitening) return put(i, row);
    if (first.rows() == 0)
      first.resize(static_cast<Eigen::Index>(std::min(files.size(), most_learned_from)), row.cols());
    first.row(static_cast<Eigen::Index>(taken.size())) = row;
    taken.push_back(i);
    if (taken.size() == most_learned_from) learn();
  };
  classifier.stream_files(files, take, stop);
  learn();
  return result;
}

std::vector<Finding> off_topic_findings(const Manifest& manifest, const Embedded& embedded, const model::Card& card) {
  if (!card.ood_limit)
    throw InputError(fmt::format("the model '{}' has no limit for pictures unlike its own", card.name), {},
                     "take one that naevus trained");
  std::vector<Finding> findings;
  const double limit = *card.ood_limit * margin;
  for (std::size_t row = 0; row < embedded.ood_score.size(); ++row) {
    const double score = embedded.ood_score[row];
    if (!(score > limit)) continue;
    findings.push_back({.kind = "off_topic",
                        .image = manifest.entries[row].image,
                        .other = {},
                        .score = score,
                        .evidence = fmt::format("{} distance {:.0f}, above {:.0f}", card.ood_kind, score, limit),
                        .row = row});
  }
  return findings;
}

std::vector<Finding> same_lesion_findings(const Manifest& manifest, const Embedded& embedded,
                                          const std::vector<std::pair<std::size_t, std::size_t>>& copies) {
  std::vector<Finding> findings;
  if (embedded.width == 0) return findings;
  const std::set<std::pair<std::size_t, std::size_t>> known(copies.begin(), copies.end());
  const Nearest found = nearest(embedded);
  const auto per_row = static_cast<std::size_t>(neighbours) + 1;
  const auto sees = [&](std::size_t a, std::size_t b) {
    const auto begin = found.row.begin() + static_cast<std::ptrdiff_t>(a * per_row);
    return std::find(begin, begin + static_cast<std::ptrdiff_t>(per_row), static_cast<long>(b)) !=
           begin + static_cast<std::ptrdiff_t>(per_row);
  };
  for (std::size_t a = 0; a < embedded.ood_score.size(); ++a) {
    for (std::size_t k = 0; k < per_row; ++k) {
      const long other = found.row[a * per_row + k];
      const float likeness = found.likeness[a * per_row + k];
      if (other < 0 || static_cast<std::size_t>(other) <= a || likeness < least_likeness) continue;
      const auto b = static_cast<std::size_t>(other);
      if (known.contains({a, b}) || known_to_be_one(manifest.entries[a], manifest.entries[b]) || !sees(b, a)) continue;
      findings.push_back({.kind = "same_lesion",
                          .image = manifest.entries[b].image,
                          .other = manifest.entries[a].image,
                          .score = likeness,
                          .evidence = fmt::format("embeddings {:.3f} alike (cosine)", likeness),
                          .row = b,
                          .other_row = a});
    }
  }
  return findings;
}

}  // namespace naevus::clean
