#pragma once
#include <memory>

#include "naevus/infer/classifier.hpp"
#include "naevus/server/decoder.hpp"
#include "naevus/store/model_folder.hpp"
#include "naevus/store/models.hpp"

namespace naevus::server {

/// A model in memory, and what it was entered as. Whoever holds it has one model from picture to words, whatever
/// answers meanwhile.
struct LoadedModel {
  LoadedModel(const store::Model& entry_in, const store::ModelFolder& files, int threads)
      : entry(entry_in), classifier(files.file(entry.sha256), {.threads = threads}) {}

  const model::Card& card() const { return classifier.card(); }

  store::Model entry;
  infer::Classifier classifier;
};

using ModelPointer = std::shared_ptr<const LoadedModel>;

/// A picture of our own goes the whole way: decoder, model.
/// @throws Error if no answer comes of it
void test(const LoadedModel& model, DecoderPool& decoders);

}  // namespace naevus::server
