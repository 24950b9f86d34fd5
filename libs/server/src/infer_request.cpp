#include "infer_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "json_body.hpp"

namespace naevus::server {
namespace {

constexpr std::size_t most_pictures = 32;

[[noreturn]] void refuse(const std::string& detail) {
  throw Refusal(400, "inference-request", detail, "/v2/models/NAME tells the model's inputs and outputs");
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

std::vector<OutputWanted> read_outputs(const nlohmann::json& request, const std::vector<std::string>& known) {
  const bool binary = flag(request, "binary_data_output", false);
  std::vector<OutputWanted> wanted;
  if (!request.contains("outputs")) {
    for (const std::string& name : known) wanted.push_back({name, binary});
    return wanted;
  }
  if (!request.at("outputs").is_array()) refuse("`outputs` is no list");
  for (const auto& output : request.at("outputs")) {
    const auto name = output.is_object() ? output.value("name", nlohmann::json()) : nlohmann::json();
    if (std::none_of(known.begin(), known.end(), [&](const std::string& one) { return name == one; }))
      refuse("`outputs` names what is no output of the model");
    if (std::any_of(wanted.begin(), wanted.end(), [&](const OutputWanted& other) { return name == other.name; }))
      refuse("`outputs` names an output twice");
    wanted.push_back({name, flag(output, "binary_data", binary)});
  }
  return wanted;
}

}  // namespace

InferRequest read_infer_request(const Fields& fields, std::string_view body, const model::Card& card,
                                const std::vector<std::string>& outputs) {
  std::string_view json = body, binary;
  if (const auto length = find(fields, "inference-header-content-length")) {
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
  result.outputs = read_outputs(request, outputs);
  return result;
}

}  // namespace naevus::server
