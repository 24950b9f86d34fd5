#include <fmt/format.h>

#include <charconv>

#include "context.hpp"
#include "json_body.hpp"
#include "naevus/store/predictions.hpp"
#include "query.hpp"

namespace naevus::server {
namespace {

using Json = nlohmann::ordered_json;
using GalleryPointer = std::shared_ptr<const gallery::Gallery>;

constexpr std::size_t usual = 5, most = 50;

GalleryPointer gallery_of(Context& context) {
  auto gallery = context.gallery.current();
  if (!gallery)
    throw Refusal(404, "no-gallery", "there is no gallery of cases with known diagnoses",
                  fmt::format("make one: naevus gallery MANIFEST.csv --data {}", context.options.data.folder.string()));
  return gallery;
}

void check_model(Context& context, const GalleryPointer& gallery, const ModelPointer& model) {
  if (gallery->model_sha256() == model->entry.sha256) return;
  throw Refusal(
      409, "gallery-stale",
      fmt::format("the gallery was made by another model than {} v{}, which answers now: what is near for one "
                  "is not for the other",
                  model->entry.name, model->entry.version),
      fmt::format("make it again: naevus gallery MANIFEST.csv --data {}", context.options.data.folder.string()));
}

std::size_t wanted(const Head& head) {
  std::size_t count = usual;
  for (const auto& [name, value] : head.query) {
    if (name != "n") refuse_parameter(name, "n");
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
    if (error != std::errc() || end != value.data() + value.size() || count < 1 || count > most)
      throw Refusal(400, "parameter", fmt::format("the parameter `n` is no number from 1 to {}", most));
  }
  return count;
}

Json similar(const gallery::Gallery& gallery, const std::vector<float>& embedding, const store::Prediction& prediction,
             std::size_t count) {
  Json cases = Json::array();
  for (const gallery::Match& match : gallery.nearest(embedding, count + 1)) {  // one may be the picture itself
    const gallery::Case& one = gallery[match.index];
    if (one.picture == prediction.picture || cases.size() == count) continue;
    cases.push_back({{"label", one.label},
                     {"similarity", match.similarity},
                     {"source", one.source},
                     {"licence", one.licence},
                     {"thumbnail", "/api/v1/gallery/" + one.picture + "/thumbnail"}});
  }
  Json answer{{"prediction", prediction.id}, {"gallery", gallery.size()}, {"cases", std::move(cases)}};
  if (const auto& precision = gallery.precision())
    answer["precision"] = {
        {"nearest", precision->nearest}, {"value", precision->value},         {"low", precision->low},
        {"high", precision->high},       {"by_chance", precision->by_chance}, {"pictures", precision->pictures}};
  answer["notice"] = "not a diagnosis";
  return answer;
}

void find_similar(Context& context, const Call& call) {
  const std::size_t count = wanted(call.head());
  const auto prediction = store::find_prediction(context.database, call.names[0]);
  if (!prediction) throw Refusal(404, "no-prediction", "there is no prediction of that id", "it may have been erased");
  const GalleryPointer gallery = gallery_of(context);
  const ModelPointer model = context.models.current();
  check_model(context, gallery, model);
  const auto picture = context.pictures.read(prediction->picture);
  std::vector<Work> work(1);
  work[0].file = std::make_shared<std::string>(reinterpret_cast<const char*>(picture.data()), picture.size());
  work[0].model = model;
  work[0].until = call.exchange->begin + context.options.deadline;
  work[0].abandoned = call.exchange->abandoned;
  work[0].done = [&context, call, gallery, count, prediction = *prediction](std::variant<Seen, Refusal> said) {
    if (const auto* refusal = std::get_if<Refusal>(&said)) return call.exchange->refuse(*refusal);
    answered_later(context, call,
                   [gallery, count, prediction, embedding = std::get<Seen>(said).answer.embedding](const Call& later) {
                     later.exchange->reply(json_response(similar(*gallery, embedding, prediction, count)));
                   });
  };
  context.engine.submit(std::move(work));
}

void show_thumbnail(Context& context, const Call& call) {
  check_text("id", call.names[0], 100);
  const GalleryPointer gallery = gallery_of(context);
  const auto index = gallery->find(call.names[0]);
  if (!index) throw Refusal(404, "no-case", "the gallery has no such case", "it may have been made again since");
  const auto& jpeg = gallery->thumbnail(*index);
  call.exchange->reply(
      {.content_type = "image/jpeg", .body = std::string(reinterpret_cast<const char*>(jpeg.data()), jpeg.size())});
}

}  // namespace

void add_similar_routes(Router& router, Context& context) {
  router.add({.method = "GET",
              .pattern = "/api/v1/predictions/{id}/similar",
              .role = store::Role::clinician,
              .needs_model = true,
              .handle = later(context, find_similar)});
  router.add({.method = "GET",
              .pattern = "/api/v1/gallery/{picture}/thumbnail",
              .role = store::Role::clinician,
              .handle = later(context, show_thumbnail)});
}

}  // namespace naevus::server
