#include "naevus/base/error.hpp"

#include <utility>

namespace naevus {
namespace {

std::string compose(const std::string& problem, const std::string& where, const std::string& advice) {
  std::string message = where.empty() ? problem : where + ": " + problem;
  if (!advice.empty()) message += " (" + advice + ")";
  return message;
}

}  // namespace

Error::Error(std::string problem, std::string where, std::string advice)
    : std::runtime_error(""),
      problem_(std::move(problem)),
      where_(std::move(where)),
      advice_(std::move(advice)),
      message_(compose(problem_, where_, advice_)) {}

void Error::set_where(std::string where) {
  where_ = std::move(where);
  message_ = compose(problem_, where_, advice_);
}

}  // namespace naevus
