#pragma once
#include <cstddef>
#include <span>
#include <string_view>

/// What the scores ask of their input; each throws InputError.
namespace naevus::metrics::check {

void same_length(std::size_t a, std::size_t b, std::string_view what);
void finite(std::span<const double> values, std::string_view what);
/// [n, classes] values.
void rows(std::span<const double> values, std::size_t classes, std::string_view what);
void indices(std::span<const int> truth, std::size_t classes);
/// [n, classes] scores beside n truths, all valid.
void table(std::span<const double> values, std::span<const int> truth, std::size_t classes, std::string_view what);
/// [n, classes] values in [0, 1] beside n truths.
void probabilities(std::span<const double> values, std::span<const int> truth, std::size_t classes);
/// Each in [0, 1].
void shares(std::span<const double> values, std::string_view what);
/// A share that is asked for, in [0, 1].
void share(double value, std::string_view what);
/// A share that is asked for, strictly between 0 and 1.
void open_share(double value, std::string_view what);

}  // namespace naevus::metrics::check
