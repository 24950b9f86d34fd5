#include "naevus/gallery/gallery.hpp"

#include <faiss/IndexFlat.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "naevus/base/error.hpp"

namespace naevus::gallery {

struct Gallery::State {
  explicit State(Contents given) : contents(std::move(given)), index(static_cast<faiss::Index::idx_t>(contents.width)) {
    index.add(static_cast<faiss::Index::idx_t>(contents.cases.size()), contents.embedding.data());
    contents.embedding = {};  // the index has its own
  }

  Contents contents;
  faiss::IndexFlatIP index;
};

Gallery::Gallery(Contents contents) : state_(std::make_unique<State>(std::move(contents))) {}
Gallery::~Gallery() = default;

const std::string& Gallery::model_sha256() const {
  return state_->contents.model_sha256;
}
std::size_t Gallery::size() const {
  return state_->contents.cases.size();
}
const Case& Gallery::operator[](std::size_t index) const {
  return state_->contents.cases.at(index);
}
const std::vector<std::byte>& Gallery::thumbnail(std::size_t index) const {
  return state_->contents.thumbnails.at(index);
}
const std::optional<Precision>& Gallery::precision() const {
  return state_->contents.precision;
}

std::optional<std::size_t> Gallery::find(const std::string& picture) const {
  const auto& cases = state_->contents.cases;
  const auto found = std::ranges::find(cases, picture, &Case::picture);
  if (found == cases.end()) return std::nullopt;
  return static_cast<std::size_t>(found - cases.begin());
}

std::vector<Match> Gallery::nearest(std::span<const float> embedding, std::size_t most) const {
  if (embedding.size() != state_->contents.width)
    throw InputError("the embedding has another width than the gallery's");
  std::vector<float> query(embedding.begin(), embedding.end());
  normalise(query, query.size());
  const std::size_t asked = std::min(most, size());
  std::vector<float> similarity(asked);
  std::vector<faiss::Index::idx_t> index(asked);
  if (asked == 0) return {};
  state_->index.search(1, query.data(), static_cast<faiss::Index::idx_t>(asked), similarity.data(), index.data());
  std::vector<Match> matches;
  for (std::size_t i = 0; i < asked; ++i)
    if (index[i] >= 0) matches.push_back({static_cast<std::size_t>(index[i]), std::clamp(similarity[i], -1.0F, 1.0F)});
  return matches;
}

void normalise(std::span<float> rows, std::size_t width) {
  for (std::size_t at = 0; at + width <= rows.size(); at += width) {
    const auto row = rows.subspan(at, width);
    const double square = std::inner_product(row.begin(), row.end(), row.begin(), 0.0);
    if (square == 0) continue;
    const auto scale = static_cast<float>(1 / std::sqrt(square));
    for (float& value : row) value *= scale;
  }
}

}  // namespace naevus::gallery
