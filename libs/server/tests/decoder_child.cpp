#include "naevus/server/decoder.hpp"

int main() {
  naevus::server::run_decoder_child();
}
