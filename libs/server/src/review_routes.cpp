#include <algorithm>

#include "answer_json.hpp"
#include "context.hpp"
#include "json_body.hpp"
#include "naevus/registry/agreement.hpp"
#include "naevus/store/access.hpp"
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

bool is_blind(const std::string& text) {
  if (text != "0" && text != "1") throw Refusal(400, "parameter", "the parameter `blind` is neither 0 nor 1");
  return text == "1";
}

Json told(Context& context, const store::ReviewItem& item) {
  const auto card = context.models.card_of(item.prediction.model, item.prediction.model_version);
  return {{"disagreement", item.disagreement}, {"prediction", json_of(item.prediction, card.get())}};
}

/// Nothing of what model or readers said of it.
Json told_blind(const store::Prediction& prediction) {
  const Json all = json_of(prediction, nullptr);
  Json some;
  for (const char* name : {"id", "created_at", "quality", "patient", "picture_format"})
    if (all.contains(name)) some[name] = all[name];
  some["classes"] = prediction.classes;
  return {{"prediction", std::move(some)}};
}

void list_queue(Context& context, const Call& call) {
  std::size_t limit = 20;
  bool blind = false;
  store::Queue which = store::Queue::open;
  for (const auto& [name, value] : call.head().query) {
    if (name == "limit")
      limit = limit_of(value);
    else if (name == "queue")
      which = queue_of(value);
    else if (name == "blind")
      blind = is_blind(value);
    else
      refuse_parameter(name, "queue, blind and limit");
  }
  auto queue = store::review_queue(context.database, call.actor, which, limit);
  Json answer{{"waiting", queue.waiting}, {"queue", Json::array()}};
  // Ids are random: their order says nothing, and is the same when the queue is asked for again.
  if (blind) std::ranges::sort(queue.head, {}, [](const auto& item) { return item.prediction.id; });
  for (const auto& item : queue.head)
    answer["queue"].push_back(blind ? told_blind(item.prediction) : told(context, item));
  call.exchange->reply(json_response(answer));
}

Json concordance_json(const registry::Concordance& concordance) {
  Json result{{"cases", concordance.cases}, {"observed", concordance.observed}, {"kappa", nullptr}};
  if (const auto& found = concordance.kappa)
    result["kappa"] = {{"value", found->kappa}, {"low", found->interval.low}, {"high", found->interval.high}};
  return result;
}

Json agreement_json(const registry::ReadersAgreement& agreement, const std::vector<store::User>& users) {
  Json result{{"readers", Json::array()}, {"readers_left_out", agreement.readers_left_out}, {"pairs", Json::array()}};
  for (const auto& one : agreement.readers) {
    Json reader{{"reader", one.reader}};
    const auto user = std::ranges::find(users, one.reader, [](const auto& known) { return known.actor().id; });
    if (user != users.end()) reader["name"] = user->name;
    reader["with_model"] = concordance_json(one.with_model);
    result["readers"].push_back(std::move(reader));
  }
  for (const auto& pair : agreement.pairs) {
    Json both{{"readers", {pair.first, pair.second}}};
    both.update(concordance_json(pair.concordance));
    result["pairs"].push_back(std::move(both));
  }
  result["labels"] = agreement.labels;
  return result;
}

void tell_agreement(Context& context, const Call& call) {
  constexpr std::size_t most = 100'000;
  store::Time since{};
  for (const auto& [name, value] : call.head().query) {
    if (name != "since") refuse_parameter(name, "since");
    since = time_of(name, value);
  }
  auto readings = store::newest_readings(context.database, since, most + 1);
  const bool complete = readings.size() <= most;
  if (!complete) readings.pop_back();
  Json answer{{"readings", readings.size()}, {"complete", complete}};
  answer.update(agreement_json(registry::readers_agreement(readings), store::list_users(context.database)));
  call.exchange->reply(json_response(answer));
}

}  // namespace

void add_review_routes(Router& router, Context& context) {
  router.add({.method = "GET",
              .pattern = "/api/v1/review",
              .role = store::Role::reviewer,
              .handle = later(context, list_queue)});
  router.add({.method = "GET",
              .pattern = "/api/v1/review/agreement",
              .role = store::Role::reviewer,
              .handle = later(context, tell_agreement)});
}

}  // namespace naevus::server
