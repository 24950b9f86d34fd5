#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "element.hpp"

namespace naevus::network {

/// The part of Python's pickle format that a saved state dict needs, as data: nothing is called or imported.
/// Containers, numbers, texts, OrderedDict, PyTorch's storages and tensors are understood; any other global is refused
/// by name. The format: Python's Lib/pickletools.py; what PyTorch puts into it: torch/_utils.py,
/// torch/serialization.py.
class Pickle {
 public:
  enum class Kind { none, boolean, integer, real, text, sequence, dictionary, global, storage, tensor };
  using Id = std::uint32_t;

  struct Object {
    Kind kind = Kind::none;
    std::int64_t number = 0;  ///< of a boolean or integer; the index of a storage or tensor
    std::string text;         ///< of a text; of a global, "module name"; the bytes of a longer integer
    std::vector<Id> items;    ///< of a sequence; of a dictionary, key and value in turn
  };
  struct Storage {
    std::string key;
    Element element = Element::f32;
    std::int64_t count = 0;   ///< elements
    std::int64_t offset = 0;  ///< of a view into the storage of that key, in elements
  };
  struct Tensor {
    std::size_t storage = 0;
    std::int64_t offset = 0;
    std::vector<std::int64_t> shape, strides;
  };

  /// Reads the pickle at the front of `content`.
  /// @throws InputError
  explicit Pickle(std::span<const std::byte> content);

  const Object& root() const { return object(root_); }
  const Object& object(Id id) const { return objects_[id]; }
  const std::vector<Storage>& storages() const { return storages_; }
  const std::vector<Tensor>& tensors() const { return tensors_; }
  std::size_t size() const { return position_; }  ///< bytes that the pickle took

 private:
  std::uint8_t byte();
  std::uint64_t little_endian(std::size_t bytes);
  std::string text(std::size_t bytes);
  std::string line();

  Id add(Object object);
  void push(Object object) { stack_.push_back(add(std::move(object))); }
  Id pop();
  Object& top();
  std::vector<Id> pop_to_mark();
  void memorise(std::size_t slot);
  void recall(std::size_t slot);

  /// @returns false after the last instruction
  bool step();
  bool step_number(std::uint8_t code);
  bool step_text(std::uint8_t code);
  bool step_container(std::uint8_t code);
  bool step_memory(std::uint8_t code);
  void fill(std::vector<Id> pairs);
  void append(std::vector<Id> items);
  void push_global(const std::string& module, const std::string& name);
  void reduce();
  void build();
  void persistent();

  Object ordered_dictionary(const Object& arguments);
  Object tensor(const Object& arguments);
  const Object& item(const Object& sequence, std::size_t index) const;
  std::int64_t integer(const Object& object) const;
  std::vector<std::int64_t> integers(const Object& object) const;

  std::span<const std::byte> content_;
  std::size_t position_ = 0;
  std::deque<Object> objects_;
  std::vector<Storage> storages_;
  std::vector<Tensor> tensors_;
  std::vector<Id> stack_;
  std::vector<std::size_t> marks_;
  std::vector<std::pair<bool, Id>> memory_;
  Id root_ = 0;
};

}  // namespace naevus::network
