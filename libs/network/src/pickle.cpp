#include "pickle.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>

#include "naevus/base/error.hpp"

namespace naevus::network {
namespace {

// A state dict of a thousand tensors has about 30,000 objects.
constexpr std::size_t most_objects = 1'000'000;
constexpr std::size_t largest_rank = 8;

[[noreturn]] void damaged(const std::string& problem) {
  throw InputError("this PyTorch file is damaged: " + problem, "", "get the file again");
}

constexpr const char* state_dict_advice =
    "save the weights alone, in Python: torch.save(model.state_dict(), 'weights.pth')";

[[noreturn]] void foreign(const std::string& what) {
  throw InputError(fmt::format("this PyTorch file holds more than weights: '{}', which would have to be run", what), "",
                   state_dict_advice);
}

/// @returns false for a type that is no storage of numbers known here
bool storage_element(const std::string& global, Element& element) {
  static constexpr std::array<std::pair<const char*, Element>, 9> known = {{
      {"torch DoubleStorage", Element::f64},
      {"torch FloatStorage", Element::f32},
      {"torch HalfStorage", Element::f16},
      {"torch BFloat16Storage", Element::bf16},
      {"torch LongStorage", Element::integer64},
      {"torch IntStorage", Element::integer32},
      {"torch ShortStorage", Element::integer16},
      {"torch CharStorage", Element::integer8},
      {"torch ByteStorage", Element::integer8},
  }};
  for (const auto& [name, type] : known)
    if (global == name) {
      element = type;
      return true;
    }
  element = Element::integer8;
  return global == "torch BoolStorage";
}

}  // namespace

Pickle::Pickle(std::span<const std::byte> content) : content_(content) {
  while (step()) {
  }
  root_ = pop();
}

std::uint8_t Pickle::byte() {
  if (position_ >= content_.size()) damaged("it ends early");
  return std::to_integer<std::uint8_t>(content_[position_++]);
}

std::uint64_t Pickle::little_endian(std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value |= std::uint64_t{byte()} << 8 * i;
  return value;
}

std::string Pickle::text(std::size_t bytes) {
  if (bytes > content_.size() - position_) damaged("it ends early");
  std::string result(reinterpret_cast<const char*>(content_.data()) + position_, bytes);
  position_ += bytes;
  return result;
}

std::string Pickle::line() {
  std::string result;
  for (char c; (c = static_cast<char>(byte())) != '\n';) result += c;
  return result;
}

Pickle::Id Pickle::add(Object object) {
  if (objects_.size() >= most_objects) damaged("it has too many objects for a file of weights");
  objects_.push_back(std::move(object));
  return static_cast<Id>(objects_.size() - 1);
}

Pickle::Id Pickle::pop() {
  if (stack_.empty() || (!marks_.empty() && marks_.back() >= stack_.size())) damaged("its instructions make no sense");
  const Id id = stack_.back();
  stack_.pop_back();
  return id;
}

Pickle::Object& Pickle::top() {
  if (stack_.empty()) damaged("its instructions make no sense");
  return objects_[stack_.back()];
}

std::vector<Pickle::Id> Pickle::pop_to_mark() {
  if (marks_.empty() || marks_.back() > stack_.size()) damaged("its instructions make no sense");
  const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  marks_.pop_back();
  std::vector<Id> items(begin, stack_.end());
  stack_.erase(begin, stack_.end());
  return items;
}

void Pickle::memorise(std::size_t slot) {
  if (slot >= most_objects) damaged("its instructions make no sense");
  if (slot >= memory_.size()) memory_.resize(slot + 1);
  top();
  memory_[slot] = {true, stack_.back()};
}

void Pickle::recall(std::size_t slot) {
  if (slot >= memory_.size() || !memory_[slot].first) damaged("its instructions make no sense");
  stack_.push_back(memory_[slot].second);
}

bool Pickle::step() {
  const std::uint8_t code = byte();
  switch (code) {
    case '.':
      return false;
    case 0x80:  // PROTO
      if (byte() > 5) damaged("it is of an unknown pickle protocol");
      return true;
    case 0x95:  // FRAME
      little_endian(8);
      return true;
    case 'c': {  // GLOBAL
      const std::string module = line();
      push_global(module, line());
      return true;
    }
    case 0x93: {  // STACK_GLOBAL
      const std::string name = objects_[pop()].text, module = objects_[pop()].text;
      push_global(module, name);
      return true;
    }
    case 'R':
      reduce();
      return true;
    case 'b':
      build();
      return true;
    case 'Q':
      persistent();
      return true;
    default:
      if (step_number(code) || step_text(code) || step_container(code) || step_memory(code)) return true;
      throw InputError(fmt::format("this PyTorch file holds more than weights: pickle instruction 0x{:02x}", code), "",
                       state_dict_advice);
  }
}

bool Pickle::step_number(std::uint8_t code) {
  const auto push_integer = [this](std::int64_t number) { push({.kind = Kind::integer, .number = number}); };
  switch (code) {
    case 'N':
      push({});
      return true;
    case 0x88:  // NEWTRUE
    case 0x89:  // NEWFALSE
      push({.kind = Kind::boolean, .number = code == 0x88});
      return true;
    case 'K':
      push_integer(byte());
      return true;
    case 'M':
      push_integer(static_cast<std::int64_t>(little_endian(2)));
      return true;
    case 'J':
      push_integer(static_cast<std::int32_t>(little_endian(4)));
      return true;
    case 'G':  // a float; none is needed
      little_endian(8);
      push({.kind = Kind::real});
      return true;
    case 0x8a: {  // LONG1: two's complement, little-endian
      const std::size_t size = byte();
      if (size > 8) {
        push({.kind = Kind::integer, .number = -1, .text = text(size)});
        return true;
      }
      std::uint64_t value = little_endian(size);
      const bool negative = size > 0 && size < 8 && value >> (8 * size - 1);
      if (negative) value |= ~std::uint64_t{0} << 8 * size;
      push_integer(std::bit_cast<std::int64_t>(value));
      return true;
    }
    default:
      return false;
  }
}

bool Pickle::step_text(std::uint8_t code) {
  std::size_t size = 0;
  switch (code) {
    case 'X':  // BINUNICODE
    case 'T':  // BINSTRING
    case 'B':  // BINBYTES
      size = static_cast<std::size_t>(little_endian(4));
      break;
    case 0x8c:  // SHORT_BINUNICODE
    case 'U':   // SHORT_BINSTRING
    case 'C':   // SHORT_BINBYTES
      size = byte();
      break;
    default:
      return false;
  }
  push({.kind = Kind::text, .text = text(size)});
  return true;
}

bool Pickle::step_container(std::uint8_t code) {
  const auto tuple = [this](std::size_t size) {
    Object made{.kind = Kind::sequence};
    made.items.resize(size);
    for (std::size_t i = size; i > 0; --i) made.items[i - 1] = pop();
    push(std::move(made));
  };
  switch (code) {
    case '(':
      marks_.push_back(stack_.size());
      return true;
    case '}':
      push({.kind = Kind::dictionary});
      return true;
    case ']':
    case ')':
      push({.kind = Kind::sequence});
      return true;
    case 't': {
      std::vector<Id> items = pop_to_mark();
      push({.kind = Kind::sequence, .items = std::move(items)});
      return true;
    }
    case 0x85:  // TUPLE1 to TUPLE3
    case 0x86:
    case 0x87:
      tuple(code - std::size_t{0x84});
      return true;
    case 's': {
      const Id value = pop(), key = pop();
      fill({key, value});
      return true;
    }
    case 'u':
      fill(pop_to_mark());
      return true;
    case 'a':
      append({pop()});
      return true;
    case 'e':
      append(pop_to_mark());
      return true;
    default:
      return false;
  }
}

bool Pickle::step_memory(std::uint8_t code) {
  switch (code) {
    case 'q':
      memorise(byte());
      return true;
    case 'r':
      memorise(static_cast<std::size_t>(little_endian(4)));
      return true;
    case 0x94:  // MEMOIZE
      memorise(memory_.size());
      return true;
    case 'h':
      recall(byte());
      return true;
    case 'j':
      recall(static_cast<std::size_t>(little_endian(4)));
      return true;
    default:
      return false;
  }
}

void Pickle::fill(std::vector<Id> pairs) {
  Object& target = top();
  if (target.kind != Kind::dictionary || pairs.size() % 2 != 0) damaged("its instructions make no sense");
  target.items.insert(target.items.end(), pairs.begin(), pairs.end());
}

void Pickle::append(std::vector<Id> items) {
  Object& target = top();
  if (target.kind != Kind::sequence) damaged("its instructions make no sense");
  target.items.insert(target.items.end(), items.begin(), items.end());
}

void Pickle::push_global(const std::string& module, const std::string& name) {
  const std::string global = module + " " + name;
  Element element;
  if (global != "collections OrderedDict" && global != "torch._utils _rebuild_tensor" &&
      global != "torch._utils _rebuild_tensor_v2" && global != "torch._utils _rebuild_parameter" &&
      !storage_element(global, element))
    foreign(module + "." + name);
  push({.kind = Kind::global, .text = global});
}

void Pickle::reduce() {
  const Object& arguments = objects_[pop()];
  const Object& function = objects_[pop()];
  if (function.kind != Kind::global || arguments.kind != Kind::sequence) damaged("its instructions make no sense");
  if (function.text == "collections OrderedDict") {
    push(ordered_dictionary(arguments));
  } else if (function.text == "torch._utils _rebuild_parameter") {
    if (item(arguments, 0).kind != Kind::tensor) damaged("a parameter without a tensor");
    stack_.push_back(arguments.items[0]);
  } else if (function.text.starts_with("torch._utils ")) {
    push(tensor(arguments));
  } else {
    foreign(function.text);
  }
}

void Pickle::build() {
  // A state dict carries its `_metadata` as an attribute; it is not needed.
  pop();
  if (top().kind != Kind::dictionary) damaged("its instructions make no sense");
}

/// ('storage', type, key, device, count[, view]): a reference to numbers that lie outside the pickle.
void Pickle::persistent() {
  const Object& tuple = objects_[pop()];
  if (tuple.kind != Kind::sequence) damaged("its instructions make no sense");
  const std::string& kind = item(tuple, 0).text;
  if (kind == "module") foreign("a module");
  if (kind != "storage" || item(tuple, 1).kind != Kind::global || item(tuple, 2).kind != Kind::text)
    damaged("a storage that is none");
  Storage storage{.key = item(tuple, 2).text, .count = integer(item(tuple, 4))};
  if (!storage_element(item(tuple, 1).text, storage.element)) damaged("a storage that is none");
  if (tuple.items.size() > 5 && item(tuple, 5).kind == Kind::sequence) {  // (key, offset, count)
    const Object& view = item(tuple, 5);
    storage.offset = integer(item(view, 1));
    storage.count = integer(item(view, 2));
  }
  if (storage.count < 0 || storage.offset < 0) damaged("a storage that is none");
  storages_.push_back(std::move(storage));
  push({.kind = Kind::storage, .number = static_cast<std::int64_t>(storages_.size() - 1)});
}

/// OrderedDict() or, from Python 2, OrderedDict([[key, value], ...]).
Pickle::Object Pickle::ordered_dictionary(const Object& arguments) {
  Object made{.kind = Kind::dictionary};
  if (arguments.items.empty()) return made;
  const Object& pairs = item(arguments, 0);
  if (pairs.kind != Kind::sequence) damaged("its instructions make no sense");
  for (std::size_t i = 0; i < pairs.items.size(); ++i) {
    const Object& pair = item(pairs, i);
    if (pair.kind != Kind::sequence || pair.items.size() != 2) damaged("its instructions make no sense");
    made.items.insert(made.items.end(), pair.items.begin(), pair.items.end());
  }
  return made;
}

/// (storage, offset, shape, strides, ...)
Pickle::Object Pickle::tensor(const Object& arguments) {
  const Object& storage = item(arguments, 0);
  if (storage.kind != Kind::storage) damaged("a tensor without its numbers");
  Tensor made{static_cast<std::size_t>(storage.number), integer(item(arguments, 1)), integers(item(arguments, 2)),
              integers(item(arguments, 3))};
  if (made.offset < 0 || made.shape.size() != made.strides.size() || made.shape.size() > largest_rank)
    damaged("a tensor with a shape that is none");
  tensors_.push_back(std::move(made));
  return {.kind = Kind::tensor, .number = static_cast<std::int64_t>(tensors_.size() - 1)};
}

const Pickle::Object& Pickle::item(const Object& sequence, std::size_t index) const {
  if (index >= sequence.items.size()) damaged("its instructions make no sense");
  return objects_[sequence.items[index]];
}

std::int64_t Pickle::integer(const Object& object) const {
  if (object.kind != Kind::integer || !object.text.empty()) damaged("a number that is none");
  return object.number;
}

std::vector<std::int64_t> Pickle::integers(const Object& object) const {
  if (object.kind != Kind::sequence) damaged("a shape that is none");
  std::vector<std::int64_t> values;
  for (std::size_t i = 0; i < object.items.size(); ++i) values.push_back(integer(item(object, i)));
  return values;
}

}  // namespace naevus::network
