#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "naevus/image/augment.hpp"
#include "naevus/image/prepare.hpp"

namespace naevus::train {

/// Everything that decides what a run learns. Same config, manifest and machine: same model. Each field is a key of the
/// TOML file and a flag of naevus-train (see config_keys()).
struct Config {
  /// The steps before the network besides the frame, by the names of image::steps() and of their values.
  struct Steps {
    std::string vignette = "none", hair_removal = "none", denoise = "none", contrast = "none", resize = "triangle";
    std::string colour_constancy = "none";

    bool operator==(const Steps&) const = default;
  };

  std::string manifest;  ///< CSV with `split` filled
  std::string labels;    ///< label map (TOML); empty: the manifest's labels are the classes
  std::string out;       ///< folder of the run
  std::string name;      ///< of the model; empty: architecture and number of classes

  std::string architecture = "efficientnet-lite0";
  int width = 224, height = 224;
  std::string frame = "centre_square";
  std::string weights;         ///< safetensors, .pth or one of our .onnx; empty: random
  std::string weights_source;  ///< for the card: where they come from and their licence
  double dropout = 0.2;

  int epochs = 20;
  int batch = 32;
  std::string optimiser = "adamw";
  double learning_rate = 0.001;
  double head_learning_rate = 1;  ///< factor for the head (the last linear layer)
  double weight_decay = 0.02;     ///< decoupled for adamw; not on biases and batch norm
  double momentum = 0.9;          ///< sgd
  double warmup = 1;              ///< epochs of rising learning rate
  std::string schedule = "cosine";
  std::string balancing = "logit-adjustment";
  double balancing_power = 1;  ///< how far balancing goes: 0 not at all, 1 all classes count alike
  double label_smoothing = 0.05;
  Steps preparation;
  image::Augmentation augmentation;
  int early_stopping = 0;  ///< epochs without a better validation score; 0: never
  double ema = 0.998;      ///< decay of the running mean of the weights, per step; 0: none

  bool channels_last = true;
  std::string bf16 = "auto";
  std::string device = "cpu";
  int threads = 0;  ///< 0: the cores that the process may use
  std::uint64_t seed = 1;
  int checkpoint_seconds = 45;  ///< after so long a step ends with a checkpoint: with step and save under a minute
  std::string picture_cache = "auto";  ///< where decoded pictures are kept for other runs: a folder, "auto" or "off"
  int picture_cache_gib = 10;          ///< its size at most

  std::string data;     ///< for the card: the training data and its credit
  std::string licence;  ///< for the card

  bool operator==(const Config&) const = default;
};

/// A key of the file, and flag: "learning_rate" is --learning-rate, "augmentation.flip" is --augmentation-flip.
struct ConfigKey {
  std::string name;
  std::string help;
  std::string type;     ///< "text", "whole number", "number", "true or false", or the choices: "sgd|adam|adamw"
  std::string initial;  ///< the default, as text
};
const std::vector<ConfigKey>& config_keys();

/// How the run's model sees a picture.
image::Preparation preparation_of(const Config& config);

/// Sets one key from text, as a flag does. `size` sets width and height.
/// @throws UsageError naming the key: unknown (with the nearest known one), of another type, or out of range
void set(Config& config, const std::string& key, const std::string& value);

/// Reads a TOML config. Paths in it are relative to its own folder.
/// @throws IoError; UsageError naming file, line and key as set() does
Config read_config(const std::filesystem::path& path);

/// The same from text; `where` stands for the file in errors, and paths are left as they are.
Config parse_config(std::string_view text, const std::string& where);

/// All keys as TOML.
std::string to_toml(const Config& config);

/// Names of the keys whose values differ.
std::vector<std::string> differences(const Config& left, const Config& right);

}  // namespace naevus::train
