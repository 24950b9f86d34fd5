#pragma once
#include <stdexcept>
#include <string>

namespace naevus {

/// Something went wrong that a person can act on: what happened, where, and what to do.
/// Caught once per command, per request, per job, and per item of a batch.
class Error : public std::runtime_error {
 public:
  /// @param problem  what is wrong, a phrase without a full stop: "the JPEG ends early"
  /// @param where    the file, row, flag or key it concerns: "ham.csv:17"; may be empty
  /// @param advice   what the user can do about it; may be empty
  explicit Error(std::string problem, std::string where = {}, std::string advice = {});

  const std::string& problem() const { return problem_; }
  const std::string& where() const { return where_; }
  const std::string& advice() const { return advice_; }

  /// The same error with its place given, for a caller that knows it when the thrower did not.
  void set_where(std::string where);

 private:
  std::string problem_, where_, advice_, message_;

 public:
  /// "where: problem (advice)".
  const char* what() const noexcept override { return message_.c_str(); }
};

/// The user's file, row or value is unusable. Exit code 1.
class InputError : public Error {
  using Error::Error;
};

/// The command line or a config is wrong. Exit code 2.
class UsageError : public Error {
  using Error::Error;
};

/// The operating system refused: no such file, no permission, disk full. Exit code 1.
class IoError : public Error {
  using Error::Error;
};

/// The user asked to stop (Ctrl-C, SIGTERM). Exit code 130.
class Cancelled : public Error {
 public:
  Cancelled() : Error("stopped on request") {}
};

}  // namespace naevus
