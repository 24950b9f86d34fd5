#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "naevus/image/image.hpp"
#include "naevus/model/card.hpp"
#include "naevus/server/http.hpp"

namespace naevus::server {

struct OutputWanted {
  std::string name;
  bool binary = false;
};

/// What POST /v2/models/NAME/infer asks for.
struct InferRequest {
  std::string id;
  std::vector<image::Image> pictures;  ///< 1 to 32, of the model's size
  std::vector<OutputWanted> outputs;
};

/// @param fields   of the header: Inference-Header-Content-Length tells where the binary tensors begin
/// @param outputs  that the model has; all are wanted where the request names none
/// @throws Refusal 400
InferRequest read_infer_request(const Fields& fields, std::string_view body, const model::Card& card,
                                const std::vector<std::string>& outputs);

}  // namespace naevus::server
