#include "session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "loader.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/log.hpp"
#include "naevus/dataset/balance.hpp"
#include "naevus/image/mix.hpp"
#include "naevus/network/architectures.hpp"
#include "naevus/network/weights.hpp"
#include "weights_file.hpp"

namespace naevus::train {
namespace {

constexpr std::uint64_t order_stream = 1;

int threads_of(const Config& config) {
  return config.threads > 0 ? config.threads : available_cores();
}

/// Names what can't be read and leaves it out.
void leave_out_broken(const dataset::ImageCache& cache, Samples& samples, const char* part) {
  if (cache.broken().empty()) return;
  constexpr std::size_t shown = 10;
  std::vector<std::size_t> indices;
  for (const auto& broken : cache.broken()) {
    if (indices.size() < shown) log::warning(broken.problem);
    indices.push_back(broken.index);
  }
  if (indices.size() == samples.size()) {
    throw InputError(fmt::format("none of the {} pictures of the {} part can be read", samples.size(), part),
                     samples.files.front().string(), "are the manifest's paths right?");
  }
  log::warning(fmt::format("{} of {} pictures of the {} part can't be read and are left out{}", indices.size(),
                           samples.size(), part, indices.size() > shown ? " (the first ten are named above)" : ""));
  samples.remove(indices);
}

/// Where decoded pictures are kept; empty: nowhere.
/// @throws UsageError
std::filesystem::path picture_folder(const Config& config) {
  if (config.picture_cache == "off") return {};
  if (config.picture_cache == "auto") {
    const auto folder = default_cache_folder();
    return folder.empty() ? folder : folder / "pictures";
  }
  if (!std::filesystem::path(config.picture_cache).is_absolute())
    throw UsageError(fmt::format("picture_cache = {} is no absolute folder", config.picture_cache), "",
                     "name a folder from the root on, or choose auto or off");
  return config.picture_cache;
}

/// A cache without broken pictures: the broken ones are left out of the samples first.
void open_pictures(std::optional<dataset::ImageCache>& cache, Samples& samples, const char* part,
                   const dataset::CacheOptions& options, WorkerPool& pool, const StopToken& stop) {
  cache.emplace(samples.files, options, pool, stop);
  if (cache->broken().empty()) return;
  leave_out_broken(*cache, samples, part);
  cache.emplace(samples.files, options, pool, stop);
}

void append(Batch& batch, const image::Image& picture, int label) {
  batch.pixels.insert(batch.pixels.end(), picture.pixels.begin(), picture.pixels.end());
  batch.labels.push_back(label);
}

void mix(Batch& batch, const image::Mix& drawn, const image::Preparation& preparation) {
  if (drawn.kind == image::Mix::Kind::none) return;
  image::apply_mix(drawn, batch.pixels, preparation.width, preparation.height);
  for (const std::size_t partner : drawn.partner) batch.partners.push_back(batch.labels[partner]);
  batch.share = drawn.share;
}

}  // namespace

Session::Session(const Config& config, const StopToken& stop)
    : config_(config),
      stop_(stop),
      pool_(threads_of(config)),
      data_(load_data(config)),
      preparation_(preparation_of(config)) {
  graph_ = network::build(config_.architecture, {.classes = static_cast<int>(classes()),
                                                 .width = config_.width,
                                                 .height = config_.height,
                                                 .dropout = config_.dropout});
  using Keep = dataset::CacheOptions::Keep;
  open_pictures(train_pictures_, data_.train, "train", cache_options(Keep::for_augmentation), pool_, stop_);
  open_pictures(validation_pictures_, data_.validation, "validation", cache_options(Keep::prepared), pool_, stop_);
  check_classes(data_, config_.manifest);
}

dataset::CacheOptions Session::cache_options(dataset::CacheOptions::Keep keep) const {
  return {.keep = keep,
          .preparation = preparation_,
          .folder = picture_folder(config_),
          .folder_limit = static_cast<std::uint64_t>(config_.picture_cache_gib) << 30};
}

std::size_t Session::batch_size() const {
  return std::min(static_cast<std::size_t>(config_.batch), data_.train.size());
}

// What is left over at an epoch's end is not shown in it: batch norm needs whole batches.
std::uint64_t Session::steps_per_epoch() const {
  return data_.train.size() / batch_size();
}

network::StateDict Session::initial_weights() const {
  auto state = network::initialise(graph_, config_.seed);
  if (config_.weights.empty()) return state;
  const auto report = network::fit_weights(graph_, read_any_weights(config_.weights), state);
  log::info(fmt::format("{}: {} tensors loaded", config_.weights, report.loaded));
  const auto list = [](const char* what, const std::vector<std::string>& names) {
    if (!names.empty()) log::warning(fmt::format("{}: {}", what, fmt::join(names, ", ")));
  };
  list("not in the weight file, so left random", report.missing);
  list("in the weight file, but not asked for", report.left_over);
  if (!report.head.empty()) log::info(fmt::format("a new head for {} classes", classes()));
  return state;
}

TrainerOptions Session::trainer_options() const {
  const auto& architecture = network::find_architecture(config_.architecture);
  TrainerOptions options{.optimiser = config_.optimiser,
                         .weight_decay = config_.weight_decay,
                         .momentum = config_.momentum,
                         .head_factor = config_.head_learning_rate,
                         .label_smoothing = config_.label_smoothing,
                         .ema = config_.ema,
                         .mean = architecture.mean,
                         .std = architecture.std,
                         .colour_constancy = preparation_.colour_constancy,
                         .channels_last = config_.channels_last,
                         .bf16 = config_.bf16 == "on" || (config_.bf16 == "auto" && cpu_has_bf16()),
                         .cuda = config_.device == "cuda",
                         .threads = pool_.threads(),
                         .seed = config_.seed};
  const auto count = dataset::class_counts(data_.train.labels, classes());
  if (config_.balancing == "loss") {
    options.class_weight = dataset::class_weights(count, {.power = config_.balancing_power});
  } else if (config_.balancing == "logit-adjustment") {
    options.logit_adjustment = dataset::log_priors(count);
    for (double& value : options.logit_adjustment) value *= config_.balancing_power;
  }
  return options;
}

std::unique_ptr<Loader> Session::training_batches(int epoch, std::uint64_t first) const {
  const auto e = static_cast<std::uint64_t>(epoch);
  const double power = config_.balancing == "sampling" ? config_.balancing_power : 0;
  auto order = dataset::sampling_plan(data_.train.labels, classes(), power, data_.train.size(),
                                      Random(config_.seed, {order_stream, e}));
  const std::size_t size = batch_size();
  const auto make = [this, e, size, prepared = image::after_cleaning(preparation_),
                     plan = std::move(order)](std::size_t number) {
    Batch batch;
    for (std::size_t position = number * size; position < (number + 1) * size; ++position) {
      const std::size_t index = plan[position];
      append(batch,
             image::augment(*train_pictures_->get(index), prepared, config_.augmentation,
                            image::augmentation_stream(config_.seed, e, position)),
             data_.train.labels[index]);
    }
    mix(batch,
        image::draw_mix(config_.augmentation, size, preparation_.width, preparation_.height,
                        image::mix_stream(config_.seed, e, number)),
        preparation_);
    return batch;
  };
  const int threads = std::max(1, pool_.threads() / 4);
  return std::make_unique<Loader>(first, steps_per_epoch(), threads, 4, make);
}

Evaluation Session::validate(Trainer& trainer) const {
  return evaluate(trainer, *validation_pictures_, data_.validation.labels);
}

Evaluation Session::embed_training(Trainer& trainer, std::size_t limit) {
  const std::size_t count = std::min(limit, data_.train.size());
  std::vector<std::filesystem::path> files;
  std::vector<int> labels;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t index = i * data_.train.size() / count;
    files.push_back(data_.train.files[index]);
    labels.push_back(data_.train.labels[index]);
  }
  const dataset::ImageCache pictures(files, cache_options(dataset::CacheOptions::Keep::prepared), pool_, stop_);
  return evaluate(trainer, pictures, labels);
}

Evaluation Session::evaluate(Trainer& trainer, const dataset::ImageCache& pictures,
                             const std::vector<int>& labels) const {
  constexpr std::size_t size = 32;
  const std::size_t batches = (labels.size() + size - 1) / size;
  Loader loader(0, batches, 1, 2, [&](std::size_t number) {
    Batch batch;
    for (std::size_t i = number * size; i < std::min(labels.size(), (number + 1) * size); ++i) {
      append(batch, *pictures.get(i), labels[i]);
    }
    return batch;
  });
  Evaluation evaluation{.truth = labels};
  for (std::size_t i = 0; i < batches; ++i) {
    stop_.check();
    const auto outputs = trainer.predict(loader.next());
    evaluation.logits.insert(evaluation.logits.end(), outputs.logits.begin(), outputs.logits.end());
    evaluation.embedding.insert(evaluation.embedding.end(), outputs.embedding.begin(), outputs.embedding.end());
  }
  return evaluation;
}

}  // namespace naevus::train
