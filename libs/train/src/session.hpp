#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "data.hpp"
#include "loader.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/dataset/image_cache.hpp"
#include "naevus/image/prepare.hpp"
#include "naevus/network/graph.hpp"
#include "trainer.hpp"

namespace naevus::train {

/// Logits, embeddings and truth of a part.
struct Evaluation {
  std::vector<double> logits;    ///< [n, classes]
  std::vector<float> embedding;  ///< [n, D]
  std::vector<int> truth;        ///< [n]
};

/// A config with its graph, pictures and batches: what a run stands on and what does not change while it goes.
class Session {
 public:
  /// @throws as run()
  Session(const Config& config, const StopToken& stop);

  const Config& config() const { return config_; }
  const TrainingData& data() const { return data_; }
  const network::Graph& graph() const { return graph_; }
  const image::Preparation& preparation() const { return preparation_; }
  const StopToken& stop() const { return stop_; }
  std::size_t classes() const { return data_.classes.size(); }
  std::uint64_t steps_per_epoch() const;
  std::size_t batch_size() const;
  WorkerPool& pool() { return pool_; }
  /// What the run starts from: random numbers, with what fits of config.weights.
  network::StateDict initial_weights() const;
  TrainerOptions trainer_options() const;

  /// The pictures of an epoch's batches, augmented. Depends on seed, epoch and batch alone.
  /// @param epoch  from 0
  std::unique_ptr<Loader> training_batches(int epoch, std::uint64_t first) const;

  /// The validation part through the trainer's averaged weights.
  Evaluation validate(Trainer& trainer) const;
  /// Training pictures without augmentation, at most `limit`, evenly chosen.
  Evaluation embed_training(Trainer& trainer, std::size_t limit);

 private:
  dataset::CacheOptions cache_options(dataset::CacheOptions::Keep keep) const;
  Evaluation evaluate(Trainer& trainer, const dataset::ImageCache& pictures, const std::vector<int>& labels) const;

  Config config_;
  StopToken stop_;
  WorkerPool pool_;
  TrainingData data_;
  image::Preparation preparation_;
  network::Graph graph_;
  std::optional<dataset::ImageCache> train_pictures_, validation_pictures_;
};

}  // namespace naevus::train
