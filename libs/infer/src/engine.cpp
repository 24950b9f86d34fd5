#include "engine.hpp"

#include <openvino/runtime/core.hpp>
#include <openvino/runtime/properties.hpp>
#include <sstream>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/base/log.hpp"

namespace naevus::infer {
namespace {

constexpr const char* device = "CPU";

/// One stream per thread, each a single core: a picture's sums then never depend on how many cores there are.
/// Sixteen-bit arithmetic is only ever asked for, so f32 is said aloud.
ov::AnyMap settings(int threads) {
  return {ov::hint::inference_precision(ov::element::f32),
          ov::num_streams(threads),
          ov::inference_num_threads(threads),
          ov::hint::enable_cpu_pinning(false),
          ov::hint::enable_hyper_threading(true),
          ov::hint::execution_mode(ov::hint::ExecutionMode::ACCURACY)};
}

/// What a compiled network depends on: the file, the shape, this OpenVINO and the processor's instructions.
std::string key_of(ov::Core& core, const std::filesystem::path& model, const model::Card& card) {
  std::ostringstream text;
  text << hash_hex(read_file(model)) << ' ' << card.width << 'x' << card.height << ' '
       << ov::get_openvino_version().buildNumber << ' ' << core.get_property(device, ov::device::full_name);
  for (const auto& capability : core.get_property(device, ov::device::capabilities)) text << ' ' << capability;
  return hash_hex(as_bytes(text.str()));
}

ov::CompiledModel import_blob(ov::Core& core, std::vector<std::byte>& blob, int threads) {
  const ov::Tensor tensor(ov::element::u8, ov::Shape{blob.size()}, blob.data());
  return core.import_model(tensor, device, settings(threads));
}

ov::CompiledModel compile(ov::Core& core, const std::filesystem::path& path, const model::Card& card, int threads) {
  const auto network = core.read_model(path.string());
  network->reshape(ov::PartialShape{1, card.height, card.width, 3});
  return core.compile_model(network, device, settings(threads));
}

std::vector<std::byte> exported(ov::CompiledModel& network) {
  std::ostringstream stream(std::ios::binary);
  network.export_model(stream);
  const auto text = stream.view();
  return {as_bytes(text).begin(), as_bytes(text).end()};
}

}  // namespace

Engine::Engine(const std::filesystem::path& path, const model::Card& card, int threads, const BlobCache& cache) try {
  ov::Core core;
  const std::string key = cache.active() ? key_of(core, path, card) : "";
  if (auto blob = cache.load(key)) {
    try {
      blob_ = std::move(*blob);
      network_ = import_blob(core, blob_, threads);
      return;
    } catch (const std::exception& problem) {
      log::debug(std::string("compiled model not usable, compiling anew: ") + problem.what());
      blob_.clear();
    }
  }
  network_ = compile(core, path, card, threads);
  if (cache.active()) cache.store(key, exported(network_));
} catch (const ov::Exception& problem) {
  log::debug(problem.what());
  throw InputError("OpenVINO can't run this model", path.string(),
                   "it may be damaged: fetch or train it again; -vv shows what OpenVINO says");
}

Engine::Lease::Lease(Engine& engine) : engine_(engine) {
  {
    const std::lock_guard lock(engine.mutex_);
    if (!engine.idle_.empty()) {
      request_ = std::move(engine.idle_.back());
      engine.idle_.pop_back();
      return;
    }
  }
  request_ = engine.network_.create_infer_request();
}

Engine::Lease::~Lease() {
  const std::lock_guard lock(engine_.mutex_);
  engine_.idle_.push_back(std::move(request_));
}

}  // namespace naevus::infer
