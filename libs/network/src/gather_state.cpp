#include <fmt/format.h>

#include <algorithm>

#include "naevus/base/error.hpp"
#include "torch_file.hpp"

namespace naevus::network {
namespace {

using Object = Pickle::Object;
using Kind = Pickle::Kind;

const Object* find(const Pickle& pickle, const Object& dictionary, std::string_view key) {
  for (std::size_t i = 0; i + 1 < dictionary.items.size(); i += 2) {
    const Object& candidate = pickle.object(dictionary.items[i]);
    if (candidate.kind == Kind::text && candidate.text == key) return &pickle.object(dictionary.items[i + 1]);
  }
  return nullptr;
}

/// The state dict itself, or the one inside a checkpoint.
const Object& state_dict(const Pickle& pickle) {
  const Object& root = pickle.root();
  if (root.kind == Kind::dictionary) {
    for (const char* key : {"state_dict", "model", "model_state_dict"})
      if (const Object* inner = find(pickle, root, key); inner != nullptr && inner->kind == Kind::dictionary)
        return *inner;
    return root;
  }
  throw InputError("this PyTorch file holds no state dict", "",
                   "save one, in Python: torch.save(model.state_dict(), 'weights.pth')");
}

/// Reads a tensor's numbers in row-major order, whatever its strides.
class Gather {
 public:
  Gather(const Pickle& pickle, const StorageBytes& bytes, std::size_t most_numbers)
      : pickle_(pickle), bytes_(bytes), left_(most_numbers) {}

  Tensor read(const std::string& name, const Pickle::Tensor& tensor) {
    const Pickle::Storage& storage = pickle_.storages()[tensor.storage];
    const auto count = element_count(tensor.shape, left_);
    const std::size_t size = element_size(storage.element);
    const std::span<const std::byte> content = bytes_(storage.key);
    const auto available = static_cast<std::int64_t>(content.size() / size);
    if (!count || storage.count > available || storage.offset > available - storage.count) outside(name);
    left_ -= *count;
    Tensor result{tensor.shape, {}};
    if (*count == 0) return result;

    std::int64_t last = tensor.offset;  // the largest index that is read
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
      const std::int64_t steps = tensor.shape[i] - 1, stride = tensor.strides[i];
      if (stride < 0 || last >= storage.count || (steps > 0 && stride > (storage.count - last) / steps)) outside(name);
      last += steps * stride;
    }
    if (last >= storage.count) outside(name);
    result.values.reserve(*count);
    std::vector<std::int64_t> index(tensor.shape.size());
    std::int64_t at = storage.offset + tensor.offset;
    for (std::size_t n = 0; n < *count; ++n) {
      result.values.push_back(to_float(storage.element, content.data() + static_cast<std::size_t>(at) * size));
      for (std::size_t i = index.size(); i > 0; --i) {
        at += tensor.strides[i - 1];
        if (++index[i - 1] < tensor.shape[i - 1]) break;
        at -= tensor.shape[i - 1] * tensor.strides[i - 1];
        index[i - 1] = 0;
      }
    }
    return result;
  }

 private:
  [[noreturn]] static void outside(const std::string& name) {
    throw InputError(fmt::format("this PyTorch file is damaged: '{}' reaches outside its numbers", name), "",
                     "get the file again");
  }

  const Pickle& pickle_;
  const StorageBytes& bytes_;
  std::size_t left_;
};

/// Takes away what torch.nn.DataParallel puts before every name.
StateDict without_module_prefix(StateDict state) {
  constexpr std::string_view prefix = "module.";
  if (!std::all_of(state.begin(), state.end(), [&](const auto& entry) { return entry.first.starts_with(prefix); }))
    return state;
  StateDict result;
  for (auto& [name, tensor] : state) result.emplace(name.substr(prefix.size()), std::move(tensor));
  return result;
}

}  // namespace

StateDict gather_state(const Pickle& pickle, const StorageBytes& bytes, std::size_t most_numbers) {
  const Object& dictionary = state_dict(pickle);
  Gather gather(pickle, bytes, most_numbers);
  StateDict state;
  for (std::size_t i = 0; i + 1 < dictionary.items.size(); i += 2) {
    const Object &key = pickle.object(dictionary.items[i]), &value = pickle.object(dictionary.items[i + 1]);
    if (key.kind != Kind::text || value.kind != Kind::tensor) continue;
    const Pickle::Tensor& tensor = pickle.tensors()[static_cast<std::size_t>(value.number)];
    if (is_real(pickle.storages()[tensor.storage].element)) state[key.text] = gather.read(key.text, tensor);
  }
  if (state.empty())
    throw InputError("this PyTorch file holds no state dict", "",
                     "save one, in Python: torch.save(model.state_dict(), 'weights.pth')");
  return without_module_prefix(std::move(state));
}

}  // namespace naevus::network
