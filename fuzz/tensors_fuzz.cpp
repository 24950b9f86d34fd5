// Any Inference-Header-Content-Length (its first line; none where that is empty) and body, for a model of 2 x 1 pixels:
// whole pictures, whose bytes are those that came where they came as binary tensors, and outputs that the model has,
// each once; or a refusal with 400. build/fuzz/bin/tensors_fuzz CORPUS fuzz/corpus/tensors -max_len=4096
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>

#include "infer_request.hpp"

namespace {

using namespace naevus;

void check(const server::InferRequest& request, const model::Card& card, const std::vector<std::string>& outputs,
           std::string_view binary) {
  if (request.pictures.empty() || request.pictures.size() > 32) std::abort();
  std::string pixels;
  for (const image::Image& picture : request.pictures) {
    if (picture.width != card.width || picture.height != card.height || picture.pixels.size() != 6) std::abort();
    pixels.append(picture.pixels.begin(), picture.pixels.end());
  }
  if (!binary.empty() && binary != pixels) std::abort();
  std::set<std::string> seen;
  for (const auto& wanted : request.outputs)
    if (std::find(outputs.begin(), outputs.end(), wanted.name) == outputs.end() || !seen.insert(wanted.name).second)
      std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  model::Card card;
  card.width = 2;
  card.height = 1;
  const std::vector<std::string> outputs{"probabilities", "logits"};
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(text.find('\n'), size);
  const std::string length(text.substr(0, line));
  server::Fields fields;
  if (line > 0) fields.emplace_back("inference-header-content-length", length);
  const std::string_view body = text.substr(std::min(line + 1, size));
  try {
    const auto request = server::read_infer_request(fields, body, card, outputs);
    check(request, card, outputs, line > 0 ? body.substr(std::stoull(length)) : "");
  } catch (const server::Refusal& refusal) {
    if (refusal.status() != 400 || refusal.detail().empty()) std::abort();
  }
  return 0;
}
