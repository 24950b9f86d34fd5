#include "preparation_argument.hpp"

#include <fmt/format.h>

#include "naevus/jobs/flag.hpp"

namespace naevus::app {

void add_steps(CLI::App& sub, StepValues& given) {
  for (const image::Step& step : image::steps()) {
    const auto keep = [&given, &step](const std::string& value) { given[step.name] = value; };
    sub.add_option_function<std::string>(jobs::flag_of(step.name), keep,
                                         fmt::format("{} [{}]", step.help, step.choices.front()))
        ->check(CLI::IsMember(step.choices))
        ->group("Preparation, in this order");
  }
}

void set_steps(image::Preparation& preparation, const StepValues& given) {
  for (const auto& [step, value] : given) image::set_step(preparation, step, value);
}

}  // namespace naevus::app
