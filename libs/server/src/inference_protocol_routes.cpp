// The Open Inference Protocol, version 2, with its binary tensor data extension
// (https://github.com/kserve/open-inference-protocol,
// https://github.com/triton-inference-server/server/blob/main/docs/protocol).
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <mutex>

#include "context.hpp"
#include "infer_request.hpp"
#include "json_body.hpp"

namespace naevus::server {
namespace {

using Json = nlohmann::ordered_json;

struct Tensor {
  std::string name;
  std::int64_t width;  ///< of a picture's row
  std::vector<float> (*of)(const infer::Answer&);
};

std::vector<Tensor> tensors(const model::Card& card) {
  return {{"probabilities", static_cast<std::int64_t>(card.classes.size()),
           [](const auto& answer) { return answer.probabilities; }},
          {"logits", static_cast<std::int64_t>(card.classes.size()), [](const auto& answer) { return answer.logits; }},
          {"embedding", -1, [](const auto& answer) { return answer.embedding; }},
          {"ood_score", 1, [](const auto& answer) { return std::vector<float>{answer.ood_score}; }}};
}

std::vector<std::string> output_names(const model::Card& card) {
  std::vector<std::string> names;
  for (const Tensor& tensor : tensors(card)) names.push_back(tensor.name);
  return names;
}

Response response_of_answers(const LoadedModel& model, const InferRequest& request,
                             const std::vector<infer::Answer>& answers) {
  const auto& card = model.card();
  Json object{{"model_name", model.entry.name}, {"model_version", model.entry.version}};
  if (!request.id.empty()) object["id"] = request.id;
  object["outputs"] = Json::array();
  std::string binary;
  for (const OutputWanted& wanted : request.outputs)
    for (const Tensor& tensor : tensors(card)) {
      if (tensor.name != wanted.name) continue;
      std::vector<float> values;
      for (const infer::Answer& answer : answers) {
        const auto row = tensor.of(answer);
        values.insert(values.end(), row.begin(), row.end());
      }
      Json output{
          {"name", tensor.name}, {"datatype", "FP32"}, {"shape", {answers.size(), values.size() / answers.size()}}};
      if (wanted.binary) {
        const std::size_t bytes = values.size() * sizeof(float);
        output["parameters"] = {{"binary_data_size", bytes}};
        binary.append(reinterpret_cast<const char*>(values.data()), bytes);
      } else {
        output["data"] = values;
      }
      object["outputs"].push_back(std::move(output));
    }
  Response response = json_response(object);
  if (!binary.empty()) {
    response.content_type = "application/octet-stream";
    response.fields.emplace_back("Inference-Header-Content-Length", std::to_string(response.body.size()));
    response.body += binary;
  }
  return response;
}

/// Answers that come from several model threads; the last one sends them.
struct Gathered {
  std::mutex mutex;
  InferRequest request;
  std::vector<infer::Answer> answers;
  std::optional<Refusal> refusal;
  std::size_t missing = 0;
};

/// All pictures of a request are for one model, whatever serves by the time the last is looked at.
void infer_all(Context& context, const Call& call, const ModelPointer& model) {
  auto gathered = std::make_shared<Gathered>();
  const model::Card& card = model->card();
  gathered->request = read_infer_request(call.head().fields, call.exchange->body, card, output_names(card));
  gathered->missing = gathered->request.pictures.size();
  gathered->answers.resize(gathered->missing);
  std::vector<Work> work(gathered->missing);
  for (std::size_t i = 0; i < work.size(); ++i) {
    work[i].prepared = std::move(gathered->request.pictures[i]);
    work[i].model = model;
    work[i].until = call.exchange->begin + context.options.deadline;
    work[i].abandoned = call.exchange->abandoned;
    work[i].done = [model, call, gathered, i](std::variant<Seen, Refusal> said) {
      const std::lock_guard lock(gathered->mutex);
      if (const auto* refusal = std::get_if<Refusal>(&said))
        gathered->refusal = *refusal;
      else
        gathered->answers[i] = std::get<Seen>(said).answer;
      if (--gathered->missing > 0) return;
      if (gathered->refusal)
        call.exchange->refuse(*gathered->refusal);
      else
        call.exchange->reply(response_of_answers(*model, gathered->request, gathered->answers));
    };
  }
  context.engine.submit(std::move(work));
}

/// The model that serves, if it is the one that was asked for.
ModelPointer model_named(const Context& context, const Call& call) {
  const ModelPointer model = context.models.current();
  if (call.names[0] != model->entry.name)
    throw Refusal(404, "no-model", fmt::format("no model '{}' is served here", call.names[0]),
                  fmt::format("there is '{}'", model->entry.name));
  if (call.names.size() > 1 && call.names[1] != model->entry.version)
    throw Refusal(404, "no-model", fmt::format("version '{}' of the model is not served", call.names[1]),
                  fmt::format("version {} is", model->entry.version));
  return model;
}

Json metadata(const LoadedModel& model) {
  const auto& card = model.card();
  Json object{{"name", model.entry.name}, {"versions", {model.entry.version}}, {"platform", "openvino"}};
  object["inputs"] = {{{"name", "image"}, {"datatype", "UINT8"}, {"shape", {-1, card.height, card.width, 3}}}};
  object["outputs"] = Json::array();
  for (const Tensor& tensor : tensors(card))
    object["outputs"].push_back({{"name", tensor.name}, {"datatype", "FP32"}, {"shape", {-1, tensor.width}}});
  return object;
}

}  // namespace

void add_inference_protocol_routes(Router& router, Context& context) {
  router.add({.method = "GET", .pattern = "/v2", .handle = [](const Call& call) {
                call.exchange->reply(json_response(
                    {{"name", "naevus"}, {"version", NAEVUS_VERSION}, {"extensions", {"binary_tensor_data"}}}));
              }});
  for (const std::string model : {"/v2/models/{model}", "/v2/models/{model}/versions/{version}"}) {
    router.add({.method = "GET", .pattern = model, .role = store::Role::viewer, .handle = [&context](const Call& call) {
                  call.exchange->reply(json_response(metadata(*model_named(context, call))));
                }});
    router.add({.method = "GET",
                .pattern = model + "/ready",
                .role = store::Role::viewer,
                .handle = [&context](const Call& call) {
                  model_named(context, call);
                  call.exchange->reply(json_response({{"name", call.names[0]}, {"ready", context.ready.load()}},
                                                     context.ready ? 200 : 503));
                }});
    router.add({.method = "POST",
                .pattern = model + "/infer",
                .role = store::Role::clinician,
                .body_limit = std::uint64_t{32} << 20,
                .needs_model = true,
                .handle = [&context](const Call& call) {
                  // Megabytes of numbers as JSON take a network thread's time, and much memory: few at once.
                  answered_later(context, call, [&context, model = model_named(context, call)](const Call& later) {
                    infer_all(context, later, model);
                  });
                }});
  }
}

}  // namespace naevus::server
