#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <utility>
#include <vector>

#include "naevus/base/parallel.hpp"
#include "naevus/clean/finding.hpp"
#include "naevus/dataset/manifest.hpp"
#include "naevus/infer/classifier.hpp"

namespace naevus::clean {

/// What a model says of pictures beyond their class.
struct Embedded {
  std::size_t width = 0;         ///< of an embedding; 0 without any picture
  std::vector<float> embedding;  ///< of length 1, [rows, width]; zeros for a picture that could not be read
  std::vector<float> ood_score;  ///< by row; NaN likewise
};

/// Runs the model over all pictures. What all of them have in common says nothing about which two show one lesion: the
/// embedding is whitened, by the mean and the principal components of the first 20,000 pictures (Jégou & Chum 2012,
/// "Negative evidences and co-occurences in image retrieval"), and cut to at most 768 numbers, 3 KiB a picture.
/// @throws Cancelled
Embedded embed(const infer::Classifier& classifier, const std::vector<std::filesystem::path>& files,
               const StopToken& stop);

/// Pictures whose refusal score lies above the model's limit times `margin`.
/// @throws InputError if the model's card has no limit
std::vector<Finding> off_topic_findings(const dataset::Manifest& manifest, const Embedded& embedded,
                                        const model::Card& card);

/// Pictures that lie next to each other in the embedding: what may be other photographs of one lesion, the likeliest
/// first. Each of a pair is among the other's nearest (FAISS, HNSW: Malkov & Yashunin 2020). Pairs that are copies or
/// already carry one lesion_id are left out.
/// @param copies  pairs of rows, the smaller one first
std::vector<Finding> same_lesion_findings(const dataset::Manifest& manifest, const Embedded& embedded,
                                          const std::vector<std::pair<std::size_t, std::size_t>>& copies);

}  // namespace naevus::clean
