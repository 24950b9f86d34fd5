#pragma once
#include <filesystem>
#include <memory>
#include <string>

namespace naevus::infer {

/// What OpenVINO says of itself and of this machine.
struct EngineReport {
  std::string version;    ///< of the library that is loaded, "2026.4.1-…"
  std::string processor;  ///< as its CPU plugin names it
};

/// Loads OpenVINO and its CPU plugin.
/// @throws Error if that fails (a library is missing)
EngineReport engine_report();

/// OpenVINO alone on a model and tensors that are ready, as its own benchmark tool runs it: throughput hint, as many
/// asynchronous requests as it asks for, 32-bit arithmetic. What a whole way from files to answers is held against.
class EngineRate {
 public:
  /// @param threads  0: all available cores
  /// @throws InputError as Classifier
  EngineRate(const std::filesystem::path& model, int threads);
  ~EngineRate();

  /// Pictures a second, over about that many seconds.
  double measure(double seconds);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace naevus::infer
