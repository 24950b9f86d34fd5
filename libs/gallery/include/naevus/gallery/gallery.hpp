#pragma once
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "naevus/gallery/contents.hpp"

namespace naevus::gallery {

/// A case as near to a picture as a model sees them.
struct Match {
  std::size_t index = 0;  ///< of the gallery's cases
  float similarity = 0;   ///< cosine of the two embeddings, in [-1, 1]
};

/// Cases with known diagnoses, found by their likeness: the cosine of the embedding before the classifier (Tschandl et
/// al. 2019, "Diagnostic accuracy of content-based dermatoscopic image retrieval with deep classification features").
/// Every case is compared (FAISS, IndexFlatIP). Thread-safe.
class Gallery {
 public:
  explicit Gallery(Contents contents);
  ~Gallery();
  Gallery(const Gallery&) = delete;
  Gallery& operator=(const Gallery&) = delete;

  const std::string& model_sha256() const;
  std::size_t size() const;
  const Case& operator[](std::size_t index) const;
  const std::vector<std::byte>& thumbnail(std::size_t index) const;
  std::optional<std::size_t> find(const std::string& picture) const;
  const std::optional<Precision>& precision() const;

  /// The nearest cases first, at most so many.
  /// @param embedding  of any length above 0
  /// @throws InputError if it has another width
  std::vector<Match> nearest(std::span<const float> embedding, std::size_t most) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Brings each row to length 1; a row of zeros stays.
void normalise(std::span<float> rows, std::size_t width);

}  // namespace naevus::gallery
