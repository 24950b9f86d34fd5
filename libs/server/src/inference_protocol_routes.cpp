// The Open Inference Protocol, version 2, with its binary tensor data extension
// (https://github.com/kserve/open-inference-protocol,
// https://github.com/triton-inference-server/server/blob/main/docs/protocol).
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <mutex>

#include "context.hpp"
#include "json_body.hpp"

namespace naevus::server {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t most_pictures = 32;

[[noreturn]] void refuse(const std::string& detail) {
  throw Refusal(400, "inference-request", detail, "/v2/models/NAME tells the model's inputs and outputs");
}

struct OutputWanted {
  std::string name;
  bool binary = false;
};

struct InferRequest {
  std::string id;
  std::vector<image::Image> pictures;
  std::vector<OutputWanted> outputs;
};

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

void take_pixels(const nlohmann::json& data, std::vector<std::uint8_t>& pixels, std::size_t most) {
  if (data.is_array()) {
    for (const auto& one : data) take_pixels(one, pixels, most);
    return;
  }
  if (!data.is_number_integer() || data < 0 || data > 255) refuse("`data` holds what is no integer from 0 to 255");
  if (pixels.size() == most) refuse("`data` holds more values than `shape` tells");
  pixels.push_back(data.get<std::uint8_t>());
}

/// The size of a picture's binary part, if `parameters` name one.
std::optional<std::uint64_t> binary_size(const nlohmann::json& object) {
  const auto parameters = object.find("parameters");
  if (parameters == object.end() || !parameters->is_object() || !parameters->contains("binary_data_size"))
    return std::nullopt;
  const auto& size = parameters->at("binary_data_size");
  if (!size.is_number_unsigned()) refuse("`binary_data_size` is no number of bytes");
  return size.get<std::uint64_t>();
}

std::size_t count_of(const nlohmann::json& input, const model::Card& card) {
  const auto shape = input.find("shape");
  if (shape == input.end() || !shape->is_array() || shape->size() != 4 ||
      !std::all_of(shape->begin(), shape->end(), [](const auto& n) { return n.is_number_unsigned(); }))
    refuse("`shape` is no list of four sizes");
  const auto count = (*shape)[0].get<std::uint64_t>();
  if (count < 1 || count > most_pictures)
    refuse(fmt::format("{} pictures at once: 1 to {} are taken", count, most_pictures));
  if ((*shape)[1] != card.height || (*shape)[2] != card.width || (*shape)[3] != 3)
    refuse(fmt::format("the model takes pictures of shape [{}, {}, 3]", card.height, card.width));
  return count;
}

std::vector<image::Image> read_pictures(const nlohmann::json& inputs, std::string_view binary,
                                        const model::Card& card) {
  if (!inputs.is_array() || inputs.size() != 1 || !inputs[0].is_object() ||
      inputs[0].value("name", nlohmann::json()) != "image")
    refuse("`inputs` does not hold the one input `image`");
  const auto& input = inputs[0];
  if (input.value("datatype", nlohmann::json()) != "UINT8") refuse("the input's `datatype` is not UINT8");
  const std::size_t count = count_of(input, card);
  std::vector<image::Image> pictures(count, image::Image(card.width, card.height));
  const std::size_t each = pictures[0].pixels.size();
  std::vector<std::uint8_t> pixels;
  if (const auto size = binary_size(input)) {
    if (input.contains("data")) refuse("the input comes as `data` and as binary data");
    if (*size != binary.size())
      refuse(fmt::format("the input has {} bytes of binary data, {} came", *size, binary.size()));
    pixels.assign(binary.begin(), binary.end());
  } else {
    if (!binary.empty()) refuse("binary data came that no input names");
    if (!input.contains("data") || !input.at("data").is_array()) refuse("the input has no `data`");
    pixels.reserve(count * each);
    take_pixels(input.at("data"), pixels, count * each);
  }
  if (pixels.size() != count * each)
    refuse(fmt::format("the input has {} values, its shape tells {}", pixels.size(), count * each));
  for (std::size_t i = 0; i < count; ++i)
    std::copy_n(pixels.begin() + static_cast<std::ptrdiff_t>(i * each), each, pictures[i].pixels.begin());
  return pictures;
}

bool flag(const nlohmann::json& object, const char* name, bool otherwise) {
  const auto parameters = object.find("parameters");
  if (parameters == object.end() || !parameters->is_object() || !parameters->contains(name)) return otherwise;
  if (!parameters->at(name).is_boolean()) refuse(fmt::format("`{}` is neither true nor false", name));
  return parameters->at(name);
}

std::vector<OutputWanted> read_outputs(const nlohmann::json& request, const model::Card& card) {
  const bool binary = flag(request, "binary_data_output", false);
  std::vector<OutputWanted> wanted;
  if (!request.contains("outputs")) {
    for (const Tensor& tensor : tensors(card)) wanted.push_back({tensor.name, binary});
    return wanted;
  }
  if (!request.at("outputs").is_array()) refuse("`outputs` is no list");
  for (const auto& output : request.at("outputs")) {
    const auto known = tensors(card);
    const auto name = output.is_object() ? output.value("name", nlohmann::json()) : nlohmann::json();
    if (std::none_of(known.begin(), known.end(), [&](const Tensor& tensor) { return name == tensor.name; }))
      refuse("`outputs` names what is no output of the model");
    if (wanted.size() == known.size()) refuse("`outputs` names an output twice");
    wanted.push_back({name, flag(output, "binary_data", binary)});
  }
  return wanted;
}

InferRequest read_request(const Exchange& exchange, const model::Card& card) {
  std::string_view json = exchange.body, binary;
  if (const auto length = find(exchange.head->fields, "inference-header-content-length")) {
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(length->data(), length->data() + length->size(), size);
    if (error != std::errc() || end != length->data() + length->size() || size > json.size())
      refuse("Inference-Header-Content-Length is no length of the body's JSON");
    binary = json.substr(size);
    json = json.substr(0, size);
  }
  const auto request = read_json(json);
  InferRequest result;
  if (request.contains("id")) {
    if (!request.at("id").is_string()) refuse("`id` is no text");
    result.id = request.at("id");
  }
  result.pictures = read_pictures(request.value("inputs", nlohmann::json()), binary, card);
  result.outputs = read_outputs(request, card);
  return result;
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
  gathered->request = read_request(*call.exchange, model->card());
  gathered->missing = gathered->request.pictures.size();
  gathered->answers.resize(gathered->missing);
  std::vector<Work> work(gathered->missing);
  for (std::size_t i = 0; i < work.size(); ++i) {
    work[i].prepared = std::move(gathered->request.pictures[i]);
    work[i].model = model;
    work[i].until = call.exchange->begin + context.options.deadline;
    work[i].abandoned = call.exchange->abandoned;
    work[i].done = [model, call, gathered, i](std::variant<Seen, Refusal> said, const std::string&) {
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
ModelPointer model_asked_for(const Context& context, const Call& call) {
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
                  call.exchange->reply(json_response(metadata(*model_asked_for(context, call))));
                }});
    router.add({.method = "GET",
                .pattern = model + "/ready",
                .role = store::Role::viewer,
                .handle = [&context](const Call& call) {
                  model_asked_for(context, call);
                  call.exchange->reply(json_response({{"name", call.names[0]}, {"ready", context.ready.load()}},
                                                     context.ready ? 200 : 503));
                }});
    router.add({.method = "POST",
                .pattern = model + "/infer",
                .role = store::Role::clinician,
                .body_limit = std::uint64_t{32} << 20,
                .needs_model = true,
                .handle = [&context](const Call& call) { infer_all(context, call, model_asked_for(context, call)); }});
  }
}

}  // namespace naevus::server
