#include <fmt/format.h>

#include "conditional.hpp"
#include "context.hpp"
#include "json_body.hpp"
#include "naevus/image/encode.hpp"
#include "naevus/store/predictions.hpp"
#include "query.hpp"

namespace naevus::server {
namespace {

struct Size {
  std::string name;
  int longer_side;
};

Size size_of(const Head& head) {
  const Size small{.name = "small", .longer_side = 256}, large{.name = "large", .longer_side = 1600};
  Size size = large;
  for (const auto& [name, value] : head.query) {
    if (name != "size") refuse_parameter(name, "size");
    if (value != small.name && value != large.name)
      throw Refusal(400, "parameter", "the parameter `size` is neither small nor large");
    size = value == small.name ? small : large;
  }
  return size;
}

store::Prediction prediction_asked_for(Context& context, const Call& call) {
  check_text("id", call.names[0], 100);
  auto prediction = store::find_prediction(context.database, call.names[0]);
  if (!prediction) throw Refusal(404, "no-prediction", "there is no prediction of that id", "it may have been erased");
  return *std::move(prediction);
}

/// The kept file. One that an erasure took between the look at the database and this is gone as the prediction is.
FileBytes file_of(Context& context, const Call& call, const std::string& picture) {
  try {
    const auto bytes = context.pictures.read(picture);
    return std::make_shared<std::string>(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  } catch (const IoError&) {
    static_cast<void>(prediction_asked_for(context, call));
    throw;
  }
}

void show_picture(Context& context, const Call& call) {
  const Size size = size_of(call.head());
  const auto prediction = prediction_asked_for(context, call);
  // Weak: another version of a library may give the same picture in other bytes.
  const std::string tag = fmt::format("W/\"{}-{}\"", prediction.picture, size.name);
  if (has_already(call.head(), tag)) return call.exchange->reply({.status = 304, .fields = tagged(tag)});
  std::vector<Work> work(1);
  work[0].file = file_of(context, call, prediction.picture);
  work[0].shrunk_to = size.longer_side;
  work[0].until = call.exchange->begin + context.options.deadline;
  work[0].abandoned = call.exchange->abandoned;
  work[0].done = [&context, call, tag](std::variant<Seen, Refusal> said) {
    if (const auto* refusal = std::get_if<Refusal>(&said)) return call.exchange->refuse(*refusal);
    answered_later(context, call, [tag, shown = std::move(std::get<Seen>(said).shown)](const Call& later) {
      constexpr int quality = 88;
      const auto jpeg = image::encode_jpeg(shown, quality);
      later.exchange->reply({.content_type = "image/jpeg",
                             .body = std::string(reinterpret_cast<const char*>(jpeg.data()), jpeg.size()),
                             .fields = tagged(tag)});
    });
  };
  context.engine.submit(std::move(work));
}

}  // namespace

void add_picture_routes(Router& router, Context& context) {
  router.add({.method = "GET",
              .pattern = "/api/v1/predictions/{id}/picture",
              .role = store::Role::clinician,
              .handle = later(context, show_picture)});
}

}  // namespace naevus::server
