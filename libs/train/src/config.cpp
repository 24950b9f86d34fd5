#include "naevus/train/config.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <optional>
#include <sstream>
#include <variant>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/text.hpp"
#include "naevus/image/augmentation_keys.hpp"
#include "naevus/network/architectures.hpp"

namespace naevus::train {
namespace {

template <typename T>
using Field = std::function<T&(Config&)>;

struct Range {
  double low = 0, high = std::numeric_limits<double>::max();
};

struct Key {
  std::string name;
  const char* help;
  std::variant<Field<std::string>, Field<int>, Field<std::uint64_t>, Field<double>, Field<bool>> field;
  Range range{};
  std::vector<std::string> choices{};
  bool is_path = false;
};

#define NAEVUS_FIELD(type, member) Field<type>([](Config& c) -> type& { return c.member; })

/// The key of a step of the preparation.
Key step_key(const char* name, const std::string& step, Field<std::string> field) {
  const auto& steps = image::steps();
  const auto found = std::find_if(steps.begin(), steps.end(), [&](const image::Step& s) { return s.name == step; });
  return {.name = name, .help = found->help.c_str(), .field = field, .choices = found->choices};
}

/// An option of image::Augmentation as a key "augmentation.NAME".
Key augmentation_key(const image::AugmentationKey& option) {
  const auto field = [&]<typename T>(T image::Augmentation::* member) -> decltype(Key::field) {
    return Field<T>([member](Config& c) -> T& { return c.augmentation.*member; });
  };
  return {.name = fmt::format("augmentation.{}", option.name),
          .help = option.help,
          .field = std::visit(field, option.field),
          .range = {option.low, option.high}};
}

std::vector<Key> own_keys() {
  using S = std::string;
  return {
      {.name = "manifest",
       .help = "the data set: CSV with image, label and split",
       .field = NAEVUS_FIELD(S, manifest),
       .is_path = true},
      {.name = "labels",
       .help = "label map (a TOML file, or one that came along, such as ham7): the model's classes, and which are "
               "malignant",
       .field = NAEVUS_FIELD(S, labels)},
      {.name = "out", .help = "folder of the run", .field = NAEVUS_FIELD(S, out), .is_path = true},
      {.name = "name", .help = "name of the model", .field = NAEVUS_FIELD(S, name)},
      {.name = "architecture", .help = "the network", .field = NAEVUS_FIELD(S, architecture)},
      {.name = "width", .help = "of the network's input", .field = NAEVUS_FIELD(int, width), .range = {16, 4096}},
      {.name = "height", .help = "of the network's input", .field = NAEVUS_FIELD(int, height), .range = {16, 4096}},
      step_key("frame", "frame", NAEVUS_FIELD(S, frame)),
      {.name = "weights",
       .help = "start from this file: safetensors, PyTorch .pth, or a model of ours (.onnx)",
       .field = NAEVUS_FIELD(S, weights),
       .is_path = true},
      {.name = "weights_source",
       .help = "where the weights come from and their licence, for the model's card",
       .field = NAEVUS_FIELD(S, weights_source)},
      {.name = "dropout",
       .help = "share of the embedding that is dropped while training",
       .field = NAEVUS_FIELD(double, dropout),
       .range = {0, 0.95}},
      {.name = "epochs",
       .help = "passes over the training pictures",
       .field = NAEVUS_FIELD(int, epochs),
       .range = {1, 10000}},
      {.name = "batch", .help = "pictures per step", .field = NAEVUS_FIELD(int, batch), .range = {1, 4096}},
      {.name = "optimiser",
       .help = "how the weights are changed",
       .field = NAEVUS_FIELD(S, optimiser),
       .choices = {"sgd", "adam", "adamw"}},
      {.name = "learning_rate",
       .help = "its largest value",
       .field = NAEVUS_FIELD(double, learning_rate),
       .range = {1e-9, 100}},
      {.name = "head_learning_rate",
       .help = "factor on it for the last layer",
       .field = NAEVUS_FIELD(double, head_learning_rate),
       .range = {0, 1000}},
      {.name = "weight_decay",
       .help = "pull of the weights towards zero",
       .field = NAEVUS_FIELD(double, weight_decay),
       .range = {0, 10}},
      {.name = "momentum", .help = "of sgd", .field = NAEVUS_FIELD(double, momentum), .range = {0, 0.9999}},
      {.name = "warmup",
       .help = "epochs of rising learning rate at the start",
       .field = NAEVUS_FIELD(double, warmup),
       .range = {0, 1000}},
      {.name = "schedule",
       .help = "how the learning rate falls",
       .field = NAEVUS_FIELD(S, schedule),
       .choices = {"cosine", "plateau", "constant"}},
      {.name = "balancing",
       .help = "how rare classes are made to count",
       .field = NAEVUS_FIELD(S, balancing),
       .choices = {"none", "sampling", "loss", "logit-adjustment"}},
      {.name = "balancing_power",
       .help = "how far that goes: 0 not at all, 1 every class counts alike",
       .field = NAEVUS_FIELD(double, balancing_power),
       .range = {0, 1}},
      {.name = "label_smoothing",
       .help = "share of the truth that is spread over all classes",
       .field = NAEVUS_FIELD(double, label_smoothing),
       .range = {0, 0.9}},
      {.name = "early_stopping",
       .help = "stop after so many epochs without a better validation score; 0: never",
       .field = NAEVUS_FIELD(int, early_stopping),
       .range = {0, 10000}},
      {.name = "ema",
       .help = "decay per step of the running mean of the weights, which is what is kept; 0: no mean",
       .field = NAEVUS_FIELD(double, ema),
       .range = {0, 0.99999}},
      {.name = "channels_last", .help = "memory order that suits the CPU", .field = NAEVUS_FIELD(bool, channels_last)},
      {.name = "bf16",
       .help = "16-bit arithmetic in training, where the CPU has it",
       .field = NAEVUS_FIELD(S, bf16),
       .choices = {"auto", "on", "off"}},
      {.name = "device", .help = "what computes", .field = NAEVUS_FIELD(S, device), .choices = {"cpu", "cuda"}},
      {.name = "threads",
       .help = "threads that compute; 0: all cores",
       .field = NAEVUS_FIELD(int, threads),
       .range = {0, 1024}},
      {.name = "seed",
       .help = "of every random number",
       .field = NAEVUS_FIELD(std::uint64_t, seed),
       .range = {0, 9007199254740992.0}},
      {.name = "checkpoint_seconds",
       .help = "at most so long between two checkpoints",
       .field = NAEVUS_FIELD(int, checkpoint_seconds),
       .range = {1, 86400}},
      {.name = "picture_cache",
       .help =
           "decoded pictures are kept here for other runs: an absolute folder, auto (~/.cache/naevus/pictures) or off",
       .field = NAEVUS_FIELD(S, picture_cache)},
      {.name = "picture_cache_gib",
       .help = "size of that folder at most, in GiB: what was not used for longest goes",
       .field = NAEVUS_FIELD(int, picture_cache_gib),
       .range = {1, 100000}},
      {.name = "data",
       .help = "the training data and its credit, for the model's card",
       .field = NAEVUS_FIELD(S, data)},
      {.name = "licence",
       .help = "of the model, as the data's licence makes it, for the card",
       .field = NAEVUS_FIELD(S, licence)},
      step_key("preparation.vignette", "vignette", NAEVUS_FIELD(S, preparation.vignette)),
      step_key("preparation.hair_removal", "hair_removal", NAEVUS_FIELD(S, preparation.hair_removal)),
      step_key("preparation.denoise", "denoise", NAEVUS_FIELD(S, preparation.denoise)),
      step_key("preparation.contrast", "contrast", NAEVUS_FIELD(S, preparation.contrast)),
      step_key("preparation.resize", "resize", NAEVUS_FIELD(S, preparation.resize)),
      step_key("preparation.colour_constancy", "colour_constancy", NAEVUS_FIELD(S, preparation.colour_constancy)),
  };
}

#undef NAEVUS_FIELD

const std::vector<Key>& keys() {
  static const std::vector<Key> list = [] {
    std::vector<Key> all = own_keys();
    for (const auto& option : image::augmentation_keys()) all.push_back(augmentation_key(option));
    return all;
  }();
  return list;
}

std::string joined(const std::vector<std::string>& words, const char* separator) {
  return fmt::format("{}", fmt::join(words, separator));
}

std::string type_of(const Key& key) {
  if (key.name == "architecture") {
    std::vector<std::string> names;
    for (const auto& architecture : network::architectures()) names.push_back(architecture.name);
    return joined(names, "|");
  }
  if (!key.choices.empty()) return joined(key.choices, "|");
  static constexpr const char* names[] = {"text", "whole number", "whole number", "number", "true or false"};
  return names[key.field.index()];
}

std::string nearest(const std::string& name) {
  std::vector<std::string> names;
  for (const Key& key : keys()) names.emplace_back(key.name);
  return nearest_word(name, names);
}

const Key& find(const std::string& name, const std::string& where) {
  for (const Key& key : keys()) {
    if (key.name == name) return key;
  }
  throw UsageError(fmt::format("there is no key '{}'", name), where, fmt::format("did you mean '{}'?", nearest(name)));
}

[[noreturn]] void wrong_type(const Key& key, const std::string& value, const std::string& where) {
  throw UsageError(fmt::format("{} = {} is not understood", key.name, value), where,
                   fmt::format("it takes: {}", type_of(key)));
}

template <typename T>
T number_from(const Key& key, const std::string& text, const std::string& where) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) wrong_type(key, text, where);
  const auto real = static_cast<double>(value);
  if (!(real >= key.range.low && real <= key.range.high)) {
    const bool open = key.range.high == std::numeric_limits<double>::max();
    throw UsageError(fmt::format("{} = {} is out of range", key.name, text), where,
                     open ? fmt::format("it is at least {}", key.range.low)
                          : fmt::format("it lies between {} and {}", key.range.low, key.range.high));
  }
  return value;
}

void assign(Config& config, const Key& key, const std::string& text, const std::string& where) {
  if (const auto* field = std::get_if<Field<std::string>>(&key.field)) {
    if (!key.choices.empty() && std::find(key.choices.begin(), key.choices.end(), text) == key.choices.end()) {
      wrong_type(key, text, where);
    }
    (*field)(config) = text;
  } else if (const auto* whole = std::get_if<Field<int>>(&key.field)) {
    (*whole)(config) = number_from<int>(key, text, where);
  } else if (const auto* large = std::get_if<Field<std::uint64_t>>(&key.field)) {
    (*large)(config) = number_from<std::uint64_t>(key, text, where);
  } else if (const auto* real = std::get_if<Field<double>>(&key.field)) {
    (*real)(config) = number_from<double>(key, text, where);
  } else {
    if (text != "true" && text != "false") wrong_type(key, text, where);
    std::get<Field<bool>>(key.field)(config) = text == "true";
  }
}

void assign_named(Config& config, const std::string& name, const std::string& text, const std::string& where) {
  if (name == "size") {
    assign(config, find("width", where), text, where);
    assign(config, find("height", where), text, where);
  } else {
    assign(config, find(name, where), text, where);
  }
}

std::string text_of(Config& config, const Key& key) {
  return std::visit([&](auto field) { return fmt::format("{}", field(config)); }, key.field);
}

/// The value as text; text that stands for a number where text is asked, and the like, are told apart by `is_text`.
std::string value_text(const toml::node& node, bool& is_text) {
  is_text = node.is_string();
  if (is_text) return node.as_string()->get();
  if (const auto* whole = node.as_integer()) return fmt::format("{}", whole->get());
  if (const auto* real = node.as_floating_point()) return fmt::format("{}", real->get());
  if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
  return node.is_table() ? "[a table]" : "[a list or date]";
}

void read_table(Config& config, const toml::table& table, const std::string& prefix,
                const std::filesystem::path& file) {
  for (const auto& [key_text, node] : table) {
    const std::string name = prefix + std::string(key_text.str());
    const auto where = fmt::format("{}:{}", file.string(), key_text.source().begin.line);
    if (node.is_table() && prefix.empty() && (name == "augmentation" || name == "preparation")) {
      read_table(config, *node.as_table(), name + ".", file);
      continue;
    }
    const Key& key = find(name == "size" ? "width" : name, where);
    bool is_text = false;
    std::string value = value_text(node, is_text);
    if (is_text != std::holds_alternative<Field<std::string>>(key.field)) wrong_type(key, value, where);
    // `labels` may also be the name of a map that naevus brings along.
    const bool is_path = key.is_path || (name == "labels" && value.ends_with(".toml"));
    if (is_path && !value.empty() && file.has_parent_path()) {
      const auto path = file.parent_path() / value;  // stays as it is where it is absolute
      value = path.lexically_normal().string();
    }
    assign_named(config, name, value, where);
  }
}

}  // namespace

const std::vector<ConfigKey>& config_keys() {
  static const std::vector<ConfigKey> list = [] {
    std::vector<ConfigKey> result;
    Config defaults;
    for (const Key& key : keys()) result.push_back({key.name, key.help, type_of(key), text_of(defaults, key)});
    return result;
  }();
  return list;
}

image::Preparation preparation_of(const Config& config) {
  image::Preparation preparation{.width = config.width, .height = config.height};
  image::set_step(preparation, "frame", config.frame);
  image::set_step(preparation, "vignette", config.preparation.vignette);
  image::set_step(preparation, "hair_removal", config.preparation.hair_removal);
  image::set_step(preparation, "denoise", config.preparation.denoise);
  image::set_step(preparation, "contrast", config.preparation.contrast);
  image::set_step(preparation, "resize", config.preparation.resize);
  image::set_step(preparation, "colour_constancy", config.preparation.colour_constancy);
  return preparation;
}

void set(Config& config, const std::string& key, const std::string& value) {
  assign_named(config, key, value, "");
}

Config parse_config(std::string_view text, const std::string& where) {
  Config config;
  try {
    read_table(config, toml::parse(text, where), "", where);
  } catch (const toml::parse_error& error) {
    throw UsageError(std::string(error.description()), fmt::format("{}:{}", where, error.source().begin.line));
  }
  return config;
}

Config read_config(const std::filesystem::path& path) {
  return parse_config(read_text(path), path.string());
}

std::string to_toml(const Config& config) {
  Config copy = config;
  std::string text;
  std::string table;  // keys of one table stand together, behind those of none
  for (const Key& key : keys()) {
    std::string name = key.name;
    if (const auto dot = name.find('.'); dot != name.npos) {
      if (table != name.substr(0, dot)) text += fmt::format("\n[{}]\n", table = name.substr(0, dot));
      name = name.substr(dot + 1);
    }
    std::string value = text_of(copy, key);
    if (std::holds_alternative<Field<std::string>>(key.field)) {
      std::ostringstream quoted;
      quoted << toml::value<std::string>(value);
      value = quoted.str();
    }
    text += fmt::format("{} = {}\n", name, value);
  }
  return text;
}

std::vector<std::string> differences(const Config& left, const Config& right) {
  Config a = left, b = right;
  std::vector<std::string> names;
  for (const Key& key : keys()) {
    if (text_of(a, key) != text_of(b, key)) names.push_back(key.name);
  }
  return names;
}

}  // namespace naevus::train
