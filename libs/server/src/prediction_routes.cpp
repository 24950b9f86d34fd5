#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <future>

#include "answer_json.hpp"
#include "context.hpp"
#include "json_body.hpp"
#include "multipart.hpp"
#include "naevus/base/log.hpp"
#include "naevus/store/predictions.hpp"
#include "query.hpp"

namespace naevus::server {
namespace {

/// What a client sent to be looked at.
struct Asked {
  std::string file;
  store::Prediction said;  ///< age, sex, site, patient key, lesion, idempotency key
  bool saliency = false;   ///< a link to the overlay is wanted
};

[[noreturn]] void refuse_field(const std::string& name, const std::string& what, const std::string& advice) {
  throw Refusal(400, "field", fmt::format("the field `{}` {}", name, what), advice);
}

void take_field(store::Prediction& said, const std::string& name, const std::string& value) {
  if (name == "age") {
    int age = -1;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), age);
    if (error != std::errc() || end != value.data() + value.size() || age < 0 || age > 120)
      refuse_field(name, "is no age", "send whole years from 0 to 120, or leave it out");
    said.age = age;
  } else if (name == "sex") {
    if (value != "female" && value != "male" && value != "other")
      refuse_field(name, "is none of female, male and other", "leave it out where it is not known");
    said.sex = value;
  } else if (name == "site" || name == "lesion") {
    check_text(name, value, 100);
    (name == "site" ? said.site : said.lesion) = value;
  } else if (name == "patient_key") {
    check_patient_key(value);
    said.patient_key = value;
  } else {
    refuse_field(name, "is not known", "there are image, age, sex, site, patient_key and lesion");
  }
}

void take_form(Asked& asked, const std::string& body, const std::string& boundary) {
  bool image = false;
  for (const Part& part : read_multipart(body, boundary)) {
    if (part.name == "image") {
      asked.file = std::string(part.content);
      image = true;
    } else {
      take_field(asked.said, part.name, std::string(part.content));
    }
  }
  if (!image) throw Refusal(400, "picture", "the form has no part `image`", "send the picture under that name");
}

Asked read_asked(Exchange& exchange) {
  Asked asked;
  for (const auto& [name, value] : exchange.head->query) {
    if (name != "saliency")
      take_field(asked.said, name, value);
    else if (value == "0" || value == "1")
      asked.saliency = value == "1";
    else
      refuse_field(name, "is neither 0 nor 1", "send saliency=1 for a link to what the model looked at");
  }
  const std::string type = find(exchange.head->fields, "content-type").value_or("application/octet-stream");
  if (const auto boundary = multipart_boundary(type))
    take_form(asked, exchange.body, *boundary);
  else if (type.starts_with("image/") || type.starts_with("application/octet-stream") ||
           type.starts_with("application/dicom"))
    asked.file = std::move(exchange.body);
  else
    throw Refusal(415, "content-type", fmt::format("a picture does not come as '{}'", type),
                  "send it as the body itself (image/jpeg, …) or in a multipart/form-data part `image`");
  if (asked.file.empty())
    throw Refusal(400, "picture", "there is no picture: it has no bytes", "send a JPEG, PNG, WebP, TIFF, BMP or DICOM");
  asked.said.idempotency_key = find(exchange.head->fields, "idempotency-key").value_or("");
  check_text("Idempotency-Key", asked.said.idempotency_key, 200);
  asked.said.source = "http";
  return asked;
}

void copy_said(const store::Prediction& said, store::Prediction& into) {
  into.age = said.age;
  into.sex = said.sex;
  into.site = said.site;
  into.patient_key = said.patient_key;
  into.lesion = said.lesion;
  into.idempotency_key = said.idempotency_key;
  into.source = said.source;
}

Response created(const store::Prediction& prediction, const model::Card* card, bool saliency, bool repeated) {
  auto answer = json_of(prediction, card);
  if (saliency) answer["saliency"] = "/api/v1/predictions/" + prediction.id + "/saliency";
  Response response = json_response(answer, repeated ? 200 : 201);
  response.fields = {{"Location", "/api/v1/predictions/" + prediction.id}};
  if (repeated) response.fields.emplace_back("Idempotency-Replayed", "true");
  return response;
}

/// The first answer under that key. @throws Refusal 422 where it was given for another picture
Response replayed(Context& context, const store::Prediction& first, const std::string& file, bool saliency) {
  const auto kept = context.pictures.read(first.picture);
  if (!std::equal(kept.begin(), kept.end(), std::as_bytes(std::span(file)).begin(),
                  std::as_bytes(std::span(file)).end()))
    throw Refusal(422, "idempotency-key", "this Idempotency-Key was used for another picture",
                  "use a new key for each picture");
  return created(first, context.models.card_of(first.model, first.model_version).get(), saliency, true);
}

/// Brings the picture to the disk while the model looks at it.
class EarlyPicture {
 public:
  EarlyPicture(Context& context, const FileBytes& file)
      : context_(context),
        task_([&context, file] { return context.pictures.put(bytes_of(file)); }),
        kept_(task_.get_future().share()) {}

  static void begin(const std::shared_ptr<EarlyPicture>& self) {
    self->begun_ = true;
    self->context_.tasks.post([self] { self->task_(); });
  }
  bool begun() const { return begun_; }

  /// Waits until it is there, on one of the store's threads: another began with it before. @throws IoError
  const store::KeptPicture& kept() const { return kept_.get(); }

  /// Removes it where no prediction came of it.
  void forget(const store::Actor& actor) const {
    try {
      store::forget_picture(context_.database, context_.pictures, actor, kept().hash);
    } catch (const std::exception& error) {
      log::warning(fmt::format("a picture without a prediction stays until the next start: {}", error.what()));
    }
  }

 private:
  Context& context_;
  std::packaged_task<store::KeptPicture()> task_;
  std::shared_future<store::KeptPicture> kept_;
  std::atomic<bool> begun_ = false;
};

store::AddedPrediction add(Context& context, const Call& call, store::Prediction prediction, const FileBytes& file,
                           const EarlyPicture& early) {
  const auto& kept = early.kept();
  try {
    auto added = store::add_prediction(context.database, context.pictures, call.actor, std::move(prediction),
                                       bytes_of(file), kept);
    if (added.repeated) early.forget(call.actor);
    return added;
  } catch (...) {
    early.forget(call.actor);
    throw;
  }
}

void keep(Context& context, const Call& call, store::Prediction prediction, Seen seen, FileBytes file, bool saliency,
          const EarlyPicture& early) {
  const auto begin = std::chrono::steady_clock::now();
  const auto kept = add(context, call, std::move(prediction), file, early);
  context.metrics.stage("store").Observe(
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  if (kept.repeated) return call.exchange->reply(replayed(context, kept.prediction, *file, saliency));
  call.exchange->reply(created(kept.prediction, &seen.model->card(), saliency, false));
  context.shadow.offer({.model = seen.model,
                        .predicted_class = kept.prediction.predicted_class(),
                        .decision = kept.prediction.decision,
                        .prepared = std::move(seen.prepared),
                        .file = std::move(file)});
}

void look_at(Context& context, const Call& call, const std::shared_ptr<Asked>& asked) {
  const FileBytes file = std::make_shared<std::string>(std::move(asked->file));
  const auto early = std::make_shared<EarlyPicture>(context, file);
  std::vector<Work> work(1);
  work[0].file = file;
  work[0].until = call.exchange->begin + context.options.deadline;
  work[0].abandoned = call.exchange->abandoned;
  work[0].decoded = [early] { EarlyPicture::begin(early); };
  work[0].done = [&context, call, asked, file, early](std::variant<Seen, Refusal> said) {
    if (const auto* refusal = std::get_if<Refusal>(&said)) {
      if (early->begun()) context.tasks.post([early, actor = call.actor] { early->forget(actor); });
      return call.exchange->refuse(*refusal);
    }
    auto& seen = std::get<Seen>(said);
    auto prediction = prediction_of(seen);
    copy_said(asked->said, prediction);
    answered_later(context, call,
                   [&context, prediction = std::move(prediction), seen = std::move(seen), file, early,
                    saliency = asked->saliency](const Call& later) mutable {
                     keep(context, later, std::move(prediction), std::move(seen), file, saliency, *early);
                   });
  };
  context.engine.submit(std::move(work));
}

void predict(Context& context, const Call& call) {
  const auto asked = std::make_shared<Asked>(read_asked(*call.exchange));
  if (asked->said.idempotency_key.empty()) return look_at(context, call, asked);
  answered_later(context, call, [&context, asked](const Call& later) {
    const auto first = store::find_repeated(context.database, later.actor, asked->said.idempotency_key);
    if (first) return later.exchange->reply(replayed(context, *first, asked->file, asked->saliency));
    look_at(context, later, asked);
  });
}

/// A frame of a camera: answered, and not kept.
void look_at_frame(Context& context, const Call& call) {
  std::vector<Work> work(1);
  if (call.exchange->body.empty()) throw Refusal(400, "picture", "the frame has no bytes");
  work[0].file = std::make_shared<std::string>(std::move(call.exchange->body));
  work[0].until = call.exchange->begin + context.options.deadline;
  work[0].abandoned = call.exchange->abandoned;
  work[0].done = [call](std::variant<Seen, Refusal> said) {
    if (const auto* refusal = std::get_if<Refusal>(&said)) return call.exchange->refuse(*refusal);
    const auto& seen = std::get<Seen>(said);
    call.exchange->reply(json_response(json_of(prediction_of(seen), &seen.model->card())));
  };
  context.engine.submit(std::move(work));
}

}  // namespace

void add_prediction_routes(Router& router, Context& context) {
  constexpr std::uint64_t form = 64 << 10;  // what a form adds to its picture
  const std::uint64_t picture = context.options.decoder.limits.max_bytes;
  router.add({.method = "POST",
              .pattern = "/api/v1/predictions",
              .role = store::Role::clinician,
              .body_limit = picture + form,
              .needs_model = true,
              .handle = [&context](const Call& call) { predict(context, call); }});
  router.add({.method = "GET",
              .pattern = "/api/v1/live",
              .role = store::Role::clinician,
              .body_limit = std::min(picture, std::uint64_t{4} << 20),
              .live = true,
              .needs_model = true,
              .handle = [&context](const Call& call) { look_at_frame(context, call); }});
}

}  // namespace naevus::server
