#pragma once
#include <chrono>
#include <cstdint>

#include "checkpoint.hpp"

namespace naevus::train {

/// What a person sees while training: one living line on a terminal, one line an epoch elsewhere; and, if asked for,
/// JSON lines on standard output for programs.
class Live {
 public:
  Live(int epochs, std::uint64_t steps, std::size_t batch, bool json);

  void begin_epoch();
  void step(const Position& position);
  void validating(const Position& position);
  void end_epoch(const Position& position);

 private:
  using Clock = std::chrono::steady_clock;
  void draw(const Position& position, const char* state);
  double seconds_left(const Position& position) const;

  int epochs_;
  std::uint64_t steps_, done_ = 0;
  std::size_t batch_;
  bool json_, terminal_;
  Clock::time_point begin_ = Clock::now(), drawn_{};
  double training_seconds_ = 0;
  Clock::time_point epoch_begin_ = Clock::now();
};

}  // namespace naevus::train
