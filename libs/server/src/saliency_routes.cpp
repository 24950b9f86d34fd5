#include <fmt/format.h>

#include <algorithm>

#include "context.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/store/predictions.hpp"

namespace naevus::server {
namespace {

/// The class whose overlay is wanted: the parameter `class`, or the one that was predicted.
std::size_t class_of(const Head& head, const store::Prediction& prediction) {
  std::string wanted = prediction.predicted_class();
  for (const auto& [name, value] : head.query) {
    if (name != "class")
      throw Refusal(400, "parameter", fmt::format("the parameter `{}` is not known", name), "there is class");
    wanted = value;
  }
  const auto found = std::ranges::find(prediction.classes, wanted);
  if (found == prediction.classes.end())
    throw Refusal(400, "parameter", "the model has no such class",
                  fmt::format("there are {}", fmt::join(prediction.classes, ", ")));
  return static_cast<std::size_t>(found - prediction.classes.begin());
}

void look_again(Context& context, const Call& call) {
  const auto prediction = store::find_prediction(context.database, call.names[0]);
  if (!prediction) throw Refusal(404, "no-prediction", "there is no prediction of that id", "it may have been erased");
  const std::size_t class_index = class_of(call.head(), *prediction);
  const ModelPointer model = context.models.current();
  if (prediction->model != model->entry.name || prediction->model_version != model->entry.version)
    throw Refusal(410, "model-gone",
                  fmt::format("{} v{}, which answered, is no longer served: where it looked can't be shown",
                              prediction->model, prediction->model_version),
                  "send the picture again for the answer of the model that is served");
  const auto picture = context.pictures.read(prediction->picture);
  std::vector<Work> work(1);
  work[0].file = std::make_shared<std::string>(reinterpret_cast<const char*>(picture.data()), picture.size());
  work[0].model = model;
  work[0].saliency_of = class_index;
  work[0].until = call.exchange->begin + context.options.deadline;
  work[0].abandoned = call.exchange->abandoned;
  work[0].done = [&context, call](std::variant<Seen, Refusal> said) {
    if (const auto* refusal = std::get_if<Refusal>(&said)) return call.exchange->refuse(*refusal);
    answered_later(context, call, [overlay = std::move(std::get<Seen>(said).shown)](const Call& later) {
      const auto png = image::encode_png(overlay);
      later.exchange->reply(
          {.content_type = "image/png", .body = std::string(reinterpret_cast<const char*>(png.data()), png.size())});
    });
  };
  context.engine.submit(std::move(work));
}

}  // namespace

void add_saliency_routes(Router& router, Context& context) {
  router.add({.method = "GET",
              .pattern = "/api/v1/predictions/{id}/saliency",
              .role = store::Role::clinician,
              .needs_model = true,
              .handle = later(context, look_again)});
}

}  // namespace naevus::server
