#include "augmentation_argument.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "naevus/base/error.hpp"
#include "naevus/base/text.hpp"
#include "naevus/image/augmentation_keys.hpp"
#include "run_folder.hpp"

namespace naevus::app {
namespace {

using Settings = AugmentationArgument::Settings;
using Setter = std::function<void(Settings& settings, const std::string& text, const std::string& where)>;

/// A key of a training's config that decides how pictures look.
struct Key {
  std::string name, help, type, initial;
  Setter set;
};

[[noreturn]] void refuse(const std::string& key, const std::string& text, const std::string& where,
                         const std::string& advice) {
  throw UsageError(fmt::format("{} = {} is not possible", key, text), where, advice);
}

template <typename T>
T number(const std::string& key, const std::string& text, const std::string& where, double low, double high) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool read = error == std::errc{} && end == text.data() + text.size() && !text.empty();
  if (!read || !(static_cast<double>(value) >= low && static_cast<double>(value) <= high))
    refuse(key, text, where, fmt::format("it is a number between {} and {}", low, high));
  return value;
}

Key side_key(const char* name, std::initializer_list<int image::Preparation::*> sides) {
  const auto set = [name, sides = std::vector(sides)](Settings& settings, const std::string& text,
                                                      const std::string& where) {
    for (const auto side : sides) settings.preparation.*side = number<int>(name, text, where, 16, 4096);
  };
  const char* help = sides.size() == 2 ? "width and height at once" : "of the network's input";
  return {name, help, "whole number", "224", set};
}

Key augmentation_key(const image::AugmentationKey& option) {
  const std::string name = fmt::format("augmentation.{}", option.name);
  const image::Augmentation defaults;
  const auto with = [&](std::string type, std::string initial, Setter set) {
    return Key{name, option.help, std::move(type), std::move(initial), std::move(set)};
  };
  const auto key = [&]<typename T>(T image::Augmentation::* field) {
    const auto initial = fmt::format("{}", defaults.*field);
    if constexpr (std::is_same_v<T, bool>)
      return with("", initial, [=](Settings& settings, const std::string& text, const std::string& where) {
        if (text != "true" && text != "false") refuse(name, text, where, "it is true or false");
        settings.augmentation.*field = text == "true";
      });
    else
      return with(std::is_same_v<T, int> ? "whole number" : "number", initial,
                  [=](Settings& settings, const std::string& text, const std::string& where) {
                    settings.augmentation.*field = number<T>(name, text, where, option.low, option.high);
                  });
  };
  return std::visit(key, option.field);
}

const std::vector<Key>& keys() {
  static const std::vector<Key> list = [] {
    using image::Preparation;
    std::vector<Key> all = {
        side_key("size", {&Preparation::width, &Preparation::height}),
        side_key("width", {&Preparation::width}),
        side_key("height", {&Preparation::height}),
        {"frame", "the part of the picture that is looked at", "centre_square|whole", "centre_square",
         [](Settings& settings, const std::string& text, const std::string& where) {
           if (text != "centre_square" && text != "whole") refuse("frame", text, where, "it is centre_square or whole");
           settings.preparation.frame = text == "whole" ? image::Frame::whole : image::Frame::centre_square;
         }},
        {"seed", "of every random number", "whole number", "1",
         [](Settings& settings, const std::string& text, const std::string& where) {
           settings.seed = number<std::uint64_t>("seed", text, where, 0, 9007199254740992.0);
         }}};
    for (const auto& step : image::steps())
      if (step.name != "frame")
        all.push_back({"preparation." + step.name, step.help, fmt::format("{}", fmt::join(step.choices, "|")),
                       step.choices.front(),
                       [name = step.name](Settings& settings, const std::string& text, const std::string&) {
                         image::set_step(settings.preparation, name, text);
                       }});
    for (const auto& option : image::augmentation_keys()) all.push_back(augmentation_key(option));
    return all;
  }();
  return list;
}

std::string flag_of(std::string key) {
  std::replace_if(key.begin(), key.end(), [](char c) { return c == '_' || c == '.'; }, '-');
  return "--" + key;
}

/// A misspelt option would change nothing, unnoticed. Other keys are those of the training alone.
void refuse_unknown(const std::map<std::string, std::string>& values, const std::string& where) {
  std::vector<std::string> names;
  std::ranges::transform(keys(), std::back_inserter(names), &Key::name);
  for (const auto& [name, text] : values) {
    if (name.starts_with("augmentation.") && std::ranges::find(names, name) == names.end())
      throw UsageError(fmt::format("there is no key '{}'", name), where,
                       fmt::format("did you mean '{}'?", nearest_word(name, names)));
  }
}

}  // namespace

Settings AugmentationArgument::read() const {
  Settings settings;
  const auto take = [&](const std::map<std::string, std::string>& values, const std::string& where) {
    for (const Key& key : keys())  // `size` before `width` and `height`
      if (const auto found = values.find(key.name); found != values.end()) key.set(settings, found->second, where);
  };
  if (!config.empty()) {
    const auto values = read_config_values(config);
    refuse_unknown(values, config.string());
    take(values, config.string());
  }
  std::map<std::string, std::string> given;
  for (const auto& [key, value] : flags)
    if (value) given[key] = *value;
  take(given, "");
  image::validate(settings.augmentation);
  return settings;
}

void add_augmentation(CLI::App& sub, AugmentationArgument& argument) {
  sub.add_option("--config", argument.config, "The TOML file of a training: its size, seed and augmentation");
  for (const Key& key : keys()) {
    auto* option = sub.add_option_function<std::string>(
        flag_of(key.name), [&value = argument.flags[key.name]](const std::string& text) { value = text; },
        fmt::format("{} [{}]", key.help, key.initial));
    if (key.name.starts_with("augmentation.")) option->group("Augmentation");
    if (key.type.empty())
      option->check(CLI::IsMember({"true", "false"}));
    else if (key.name == "frame")
      option->check(CLI::IsMember({"centre_square", "whole"}));
    else
      option->type_name(key.type);
  }
}

}  // namespace naevus::app
