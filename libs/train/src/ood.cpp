#include "ood.hpp"

#include <Eigen/Dense>
#include <algorithm>

namespace naevus::train {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using View = Eigen::Map<const Matrix>;

Eigen::Index signed_size(std::size_t size) {
  return static_cast<Eigen::Index>(size);
}

network::Tensor to_tensor(const Matrix& matrix) {
  return {{matrix.rows(), matrix.cols()}, std::vector<float>(matrix.data(), matrix.data() + matrix.size())};
}

View view(const network::Tensor& tensor) {
  return {tensor.values.data(), tensor.shape[0], tensor.shape[1]};
}

Eigen::MatrixXd class_means(const View& x, std::span<const int> truth, std::size_t classes) {
  Eigen::MatrixXd means = Eigen::MatrixXd::Zero(signed_size(classes), x.cols());
  Eigen::VectorXd count = Eigen::VectorXd::Zero(signed_size(classes));
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    const int c = truth[static_cast<std::size_t>(i)];
    means.row(c) += x.row(i).cast<double>();
    ++count(c);
  }
  for (Eigen::Index c = 0; c < means.rows(); ++c) means.row(c) /= std::max(1.0, count(c));
  return means;
}

}  // namespace

MahalanobisHead fit_mahalanobis(std::span<const float> embedding, std::span<const int> truth, std::size_t classes,
                                std::size_t components) {
  const auto rows = signed_size(truth.size()), width = signed_size(embedding.size() / truth.size());
  const View x(embedding.data(), rows, width);
  const Eigen::MatrixXd means = class_means(x, truth, classes);
  Eigen::MatrixXd centred = x.cast<double>();
  for (Eigen::Index i = 0; i < rows; ++i) centred.row(i) -= means.row(truth[static_cast<std::size_t>(i)]);
  const Eigen::MatrixXd covariance = centred.transpose() * centred / static_cast<double>(rows);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance);

  const Eigen::Index k = std::min({signed_size(components), width, std::max<Eigen::Index>(1, rows - 1)});
  const double largest = std::max(solver.eigenvalues()(width - 1), 1e-12);
  Eigen::MatrixXd projection(width, k);
  for (Eigen::Index j = 0; j < k; ++j) {  // eigenvalues rise
    const double variance = std::max(solver.eigenvalues()(width - 1 - j), 1e-6 * largest);
    projection.col(j) = solver.eigenvectors().col(width - 1 - j) / std::sqrt(variance);
  }
  return {to_tensor(projection.cast<float>()), to_tensor((means * projection).cast<float>())};
}

std::vector<double> mahalanobis_scores(const MahalanobisHead& head, std::span<const float> embedding) {
  const auto projection = view(head.projection), means = view(head.means);
  const auto rows = signed_size(embedding.size()) / projection.rows();
  const Matrix projected = View(embedding.data(), rows, projection.rows()) * projection;
  std::vector<double> scores;
  for (Eigen::Index i = 0; i < rows; ++i) {
    scores.push_back((means.rowwise() - projected.row(i)).rowwise().squaredNorm().minCoeff());
  }
  return scores;
}

}  // namespace naevus::train
