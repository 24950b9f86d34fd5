#pragma once

namespace naevus::app {

/// How the programs end.
enum class ExitCode { done = 0, failed = 1, wrong_use = 2, interrupted = 130 };

/// For a command whose answer is complete but names failures (a broken picture in a batch): thrown after the output is
/// written; ends the program with that code, without a further message.
struct Exit {
  ExitCode code;
};

}  // namespace naevus::app
