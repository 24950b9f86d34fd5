#pragma once
#include <string>
#include <vector>

namespace naevus::app {

struct ProcessResult {
  int exit_code = -1;  ///< 128 + signal where one ended it
  std::string output;  ///< what it wrote to standard output
  double seconds = 0;  ///< from its start to its end
};

/// Runs a program to its end; its standard error is dropped.
/// @param arguments  the first is the program's path
/// @throws IoError if it can't be started
ProcessResult run_process(const std::vector<std::string>& arguments);

}  // namespace naevus::app
