#include "naevus/infer/engine_report.hpp"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <openvino/runtime/core.hpp>
#include <openvino/runtime/properties.hpp>
#include <vector>

#include "naevus/base/error.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/base/random.hpp"
#include "naevus/model/model_file.hpp"

namespace naevus::infer {
namespace {

using Clock = std::chrono::steady_clock;

ov::Tensor noise(const ov::Shape& shape) {
  ov::Tensor tensor(ov::element::u8, shape);
  Random random(1);
  auto* pixels = tensor.data<std::uint8_t>();
  for (std::size_t i = 0; i < tensor.get_size(); ++i) pixels[i] = static_cast<std::uint8_t>(random.below(256));
  return tensor;
}

}  // namespace

EngineReport engine_report() try {
  ov::Core core;
  return {ov::get_openvino_version().buildNumber, core.get_property("CPU", ov::device::full_name)};
} catch (const ov::Exception& problem) {
  throw Error(std::string("OpenVINO does not start: ") + problem.what(), "",
              "install naevus again with its lib/naevus folder; in a build tree run scripts/install-deps");
}

struct EngineRate::State {
  ov::CompiledModel network;
  std::vector<ov::InferRequest> requests;
};

EngineRate::EngineRate(const std::filesystem::path& path, int threads) try : state_(std::make_unique<State>()) {
  const model::Card card = model::read_card(path);
  ov::Core core;
  const auto network = core.read_model(path.string());
  const ov::Shape shape{1, static_cast<std::size_t>(card.height), static_cast<std::size_t>(card.width), 3};
  network->reshape(ov::PartialShape(shape));
  state_->network = core.compile_model(network, "CPU", ov::hint::inference_precision(ov::element::f32),
                                       ov::hint::performance_mode(ov::hint::PerformanceMode::THROUGHPUT),
                                       ov::inference_num_threads(threads > 0 ? threads : available_cores()));
  const auto count = state_->network.get_property(ov::optimal_number_of_infer_requests);
  for (unsigned i = 0; i < count; ++i) {
    state_->requests.push_back(state_->network.create_infer_request());
    state_->requests.back().set_input_tensor(noise(shape));
  }
} catch (const ov::Exception& problem) {
  throw InputError(std::string("OpenVINO can't run this model: ") + problem.what(), path.string());
}

EngineRate::~EngineRate() = default;

double EngineRate::measure(double seconds) {
  std::mutex mutex;
  std::condition_variable ended;
  std::size_t pictures = 0, running = state_->requests.size();
  std::exception_ptr failure;
  const auto begin = Clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  for (ov::InferRequest& request : state_->requests) {
    request.set_callback([&, handle = &request](std::exception_ptr problem) {
      {
        const std::lock_guard lock(mutex);
        ++pictures;
        if (problem) failure = problem;
        if (problem || elapsed() >= seconds) {
          --running;
          ended.notify_all();
          return;
        }
      }
      handle->start_async();
    });
    request.start_async();
  }
  std::unique_lock lock(mutex);
  ended.wait(lock, [&] { return running == 0; });
  if (failure) std::rethrow_exception(failure);
  const double rate = static_cast<double>(pictures) / elapsed();
  lock.unlock();
  for (ov::InferRequest& request : state_->requests) request.wait();
  return rate;
}

}  // namespace naevus::infer
