#include "check.hpp"

#include <fmt/format.h>

#include <cmath>

#include "naevus/base/error.hpp"

namespace naevus::metrics::check {

void same_length(std::size_t a, std::size_t b, std::string_view what) {
  if (a != b) throw InputError(fmt::format("{}: {} and {} do not fit together", what, a, b));
}

void finite(std::span<const double> values, std::string_view what) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i])) throw InputError(fmt::format("{} {} is not a finite number", what, i + 1));
}

void rows(std::span<const double> values, std::size_t classes, std::string_view what) {
  if (classes == 0) throw InputError("there are no classes");
  if (values.size() % classes != 0)
    throw InputError(fmt::format("{} {} are no whole number of rows of {}", values.size(), what, classes));
  finite(values, what);
}

void indices(std::span<const int> truth, std::size_t classes) {
  for (std::size_t i = 0; i < truth.size(); ++i)
    if (truth[i] < 0 || static_cast<std::size_t>(truth[i]) >= classes)
      throw InputError(fmt::format("case {} has class {}, but there are {} classes", i + 1, truth[i], classes));
}

void table(std::span<const double> values, std::span<const int> truth, std::size_t classes, std::string_view what) {
  if (classes == 0) throw InputError("there are no classes");
  same_length(values.size(), truth.size() * classes, what);
  indices(truth, classes);
  finite(values, what);
}

void probabilities(std::span<const double> values, std::span<const int> truth, std::size_t classes) {
  table(values, truth, classes, "probabilities and truths");
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] < 0 || values[i] > 1)
      throw InputError(fmt::format("probability {} of case {} is not between 0 and 1", values[i], i / classes + 1));
}

void shares(std::span<const double> values, std::string_view what) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!(values[i] >= 0 && values[i] <= 1))
      throw InputError(fmt::format("{} {} of case {} is not between 0 and 1", what, values[i], i + 1));
}

void share(double value, std::string_view what) {
  if (!(value >= 0 && value <= 1)) throw InputError(fmt::format("{} {} is not between 0 and 1", what, value));
}

void open_share(double value, std::string_view what) {
  if (!(value > 0 && value < 1)) throw InputError(fmt::format("{} {} does not lie between 0 and 1", what, value));
}

}  // namespace naevus::metrics::check
