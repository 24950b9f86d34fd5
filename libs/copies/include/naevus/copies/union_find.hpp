#pragma once
#include <cstddef>
#include <numeric>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace naevus::copies {

/// Joins items into groups.
class UnionFind {
 public:
  explicit UnionFind(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }

  /// The smallest item of the group.
  std::size_t root(std::size_t item) {
    while (parent_[item] != item) item = parent_[item] = parent_[parent_[item]];
    return item;
  }
  void join(std::size_t a, std::size_t b) {
    a = root(a), b = root(b);
    if (a > b) std::swap(a, b);
    parent_[b] = a;
  }
  /// Joins the items that have the same key; an empty key joins nothing.
  template <typename KeyOf>
  void join_equal(KeyOf key_of) {
    std::unordered_map<std::string, std::size_t> first;
    for (std::size_t i = 0; i < parent_.size(); ++i) {
      const std::string& key = key_of(i);
      if (!key.empty()) join(first.try_emplace(key, i).first->second, i);
    }
  }

 private:
  std::vector<std::size_t> parent_;
};

}  // namespace naevus::copies
