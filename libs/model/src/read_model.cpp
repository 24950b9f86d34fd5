#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>
#include <map>

#include "naevus/base/error.hpp"
#include "naevus/model/model_file.hpp"
#include "naevus/network/architectures.hpp"
#include "onnx_file.hpp"
#include "recalibrate.hpp"
#include "stages.hpp"

namespace naevus::model {
namespace {

using Initialisers = std::map<std::string, onnx::TensorProto*>;

Initialisers initialisers(onnx::GraphProto& graph) {
  Initialisers all;
  for (onnx::TensorProto& tensor : *graph.mutable_initializer()) all.emplace(tensor.name(), &tensor);
  return all;
}

/// @throws InputError unless it is float32 with its values in place
network::Tensor to_tensor(const onnx::TensorProto& from) {
  network::Tensor tensor{{from.dims().begin(), from.dims().end()}, {}};
  std::size_t count = 1;
  for (const std::int64_t side : tensor.shape) count *= side < 0 ? 0 : static_cast<std::size_t>(side);
  if (from.data_type() != onnx::TensorProto::FLOAT || from.raw_data().size() != count * sizeof(float))
    throw InputError(fmt::format("the model's tensor '{}' is damaged", from.name()));
  tensor.values.resize(count);
  if (count > 0) std::memcpy(tensor.values.data(), from.raw_data().data(), from.raw_data().size());
  return tensor;
}

Model to_model(SealedModel file) {
  Model model;
  model.card = std::move(file.card);
  const Card& card = model.card;
  if (card.architecture == "adopted")
    throw InputError(fmt::format("this network was adopted from '{}'; training can't go on from it", card.adopted_from),
                     "", "start from a model that naevus trained, or from a weight file");
  try {
    model.graph =
        network::build(card.architecture,
                       {.classes = static_cast<int>(card.classes.size()), .width = card.width, .height = card.height});
  } catch (const UsageError& error) {
    throw InputError("the model's card is not sound: " + error.problem(), "", error.advice());
  }

  const Initialisers all = initialisers(*file.onnx.mutable_graph());
  for (const network::ParameterSpec& spec : parameters(model.graph)) {
    const auto found = all.find(spec.name);
    if (found == all.end()) throw InputError(fmt::format("the model lacks its tensor '{}'", spec.name));
    network::Tensor tensor = to_tensor(*found->second);
    if (tensor.shape != spec.shape)
      throw InputError(fmt::format("the model's tensor '{}' is {}, not {}", spec.name, tensor.shape, spec.shape));
    model.state.emplace(spec.name, std::move(tensor));
  }
  if (card.ood_kind == "mahalanobis") {
    if (!all.contains(projection_name) || !all.contains(means_name))
      throw InputError("the model lacks the tensors of its refusal score");
    model.ood = {to_tensor(*all.at(projection_name)), to_tensor(*all.at(means_name))};
  }
  return model;
}

}  // namespace

Model read_model(const std::filesystem::path& path) {
  try {
    return to_model(read_sealed(path));
  } catch (InputError& error) {
    error.set_where(path.string());
    throw;
  }
}

Card read_card(const std::filesystem::path& path) {
  return read_sealed(path).card;
}

std::vector<std::byte> with_card(const std::filesystem::path& path, const Card& card) {
  SealedModel file = read_sealed(path);
  const Card &old = file.card, sound = card_from_json(to_json(card));
  if (sound.architecture != old.architecture || sound.classes != old.classes || sound.width != old.width ||
      sound.height != old.height || sound.mean != old.mean || sound.std != old.std || sound.ood_kind != old.ood_kind ||
      sound.preparation != old.preparation)
    throw Error("a new card can't change what is in the graph: architecture, classes, input and kind of refusal score",
                path.string());
  if (!recalibrate(*file.onnx.mutable_graph(), card) && (card.temperature != old.temperature || card.vector_scaling))
    throw InputError("this model has no calibration in its graph", path.string());
  seal(file.onnx, card);
  return serialise(file.onnx);
}

}  // namespace naevus::model
