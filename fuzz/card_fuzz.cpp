// Any text: a card that comes back from its own JSON, or an InputError.
// build/fuzz/bin/card_fuzz CORPUS -max_len=8192
#include <cstdint>
#include <cstdlib>
#include <string>

#include "naevus/base/error.hpp"
#include "naevus/model/card.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naevus;
  model::Card card;
  try {
    card = model::card_from_json(std::string(reinterpret_cast<const char*>(data), size));
  } catch (const InputError&) {
    return 0;
  }
  const std::string text = model::to_json(card);
  if (model::to_json(model::card_from_json(text)) != text) std::abort();
  return 0;
}
