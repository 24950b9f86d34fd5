#include <fmt/format.h>

#include <algorithm>

#include "naevus/base/error.hpp"
#include "naevus/image/prepare.hpp"

namespace naevus::image {
namespace {

/// A step and the member that holds it; its choices stand in the order of the enum's values.
struct Switch {
  Step step;
  std::size_t (*get)(const Preparation&);
  void (*set)(Preparation&, std::size_t);
};

template <auto member>
Switch on(Step step) {
  return {std::move(step), [](const Preparation& p) { return static_cast<std::size_t>(p.*member); },
          [](Preparation& p, std::size_t value) {
            using Value = std::remove_reference_t<decltype(p.*member)>;
            p.*member = static_cast<Value>(value);
          }};
}

const std::vector<Switch>& switches() {
  using P = Preparation;
  static const std::vector<Switch> list = {
      on<&P::frame>({"frame", "the part of the picture that is looked at", {"centre_square", "whole"}}),
      on<&P::vignette>({"vignette", "the black corners of a round field of view", {"none", "crop"}}),
      on<&P::hair_removal>({"hair_removal", "find hairs and paint them over", {"none", "dullrazor"}}),
      on<&P::denoise>({"denoise", "smooth the sensor's noise", {"none", "median", "bilateral", "non_local_means"}}),
      on<&P::contrast>({"contrast", "raise local contrast", {"none", "clahe"}}),
      on<&P::resize>({"resize", "filter of the resize", {"triangle", "area", "lanczos"}}),
      on<&P::colour_constancy>({"colour_constancy",
                                "take the colour of the light out",
                                {"none", "grey_world", "shades_of_grey", "max_rgb"}}),
  };
  return list;
}

const Switch& find(const std::string& step) {
  const auto& list = switches();
  const auto found = std::find_if(list.begin(), list.end(), [&](const Switch& s) { return s.step.name == step; });
  if (found == list.end()) throw UsageError(fmt::format("there is no preparation step '{}'", step));
  return *found;
}

}  // namespace

const std::vector<Step>& steps() {
  static const std::vector<Step> list = [] {
    std::vector<Step> result;
    for (const Switch& s : switches()) result.push_back(s.step);
    return result;
  }();
  return list;
}

void set_step(Preparation& preparation, const std::string& step, const std::string& value) {
  const Switch& found = find(step);
  const auto& choices = found.step.choices;
  const auto choice = std::find(choices.begin(), choices.end(), value);
  if (choice == choices.end())
    throw UsageError(fmt::format("the preparation step '{}' has no value '{}'", step, value), "",
                     fmt::format("it takes: {}", fmt::join(choices, ", ")));
  found.set(preparation, static_cast<std::size_t>(choice - choices.begin()));
}

std::string step_value(const Preparation& preparation, const std::string& step) {
  const Switch& found = find(step);
  return found.step.choices.at(found.get(preparation));
}

std::map<std::string, std::string> chosen_steps(const Preparation& preparation) {
  std::map<std::string, std::string> chosen;
  for (const Switch& s : switches()) {
    const std::size_t value = s.get(preparation);
    if (value != 0 && s.step.name != "frame") chosen[s.step.name] = s.step.choices.at(value);
  }
  return chosen;
}

std::string to_string(const Preparation& preparation) {
  std::string text = fmt::format("{}x{}", preparation.width, preparation.height);
  for (const Switch& s : switches()) {
    const std::size_t value = s.get(preparation);
    if (value != 0 && s.step.name != "colour_constancy")
      text += fmt::format(" {}={}", s.step.name, s.step.choices.at(value));
  }
  return text;
}

}  // namespace naevus::image
