#include "answer_json.hpp"
#include "context.hpp"
#include "json_body.hpp"
#include "naevus/store/review.hpp"
#include "query.hpp"

namespace naevus::server {
namespace {

using Json = nlohmann::ordered_json;

store::Queue queue_of(const std::string& text) {
  if (text == "open") return store::Queue::open;
  if (text == "second") return store::Queue::second;
  throw Refusal(400, "parameter", "the parameter `queue` is neither open nor second");
}

void list_queue(Context& context, const Call& call) {
  std::size_t limit = 20;
  store::Queue which = store::Queue::open;
  for (const auto& [name, value] : call.head().query) {
    if (name == "limit")
      limit = limit_of(value);
    else if (name == "queue")
      which = queue_of(value);
    else
      refuse_parameter(name, "queue and limit");
  }
  const auto queue = store::review_queue(context.database, call.actor, which, limit);
  Json answer{{"waiting", queue.waiting}, {"queue", Json::array()}};
  for (const auto& [prediction, disagreement] : queue.head) {
    const auto card = context.models.card_of(prediction.model, prediction.model_version);
    answer["queue"].push_back({{"disagreement", disagreement}, {"prediction", json_of(prediction, card.get())}});
  }
  call.exchange->reply(json_response(answer));
}

}  // namespace

void add_review_routes(Router& router, Context& context) {
  router.add({.method = "GET",
              .pattern = "/api/v1/review",
              .role = store::Role::reviewer,
              .handle = later(context, list_queue)});
}

}  // namespace naevus::server
