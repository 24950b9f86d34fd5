// bare MODEL.onnx SIDE SECONDS: OpenVINO alone on one core, as a program would use it that does nothing else; prints
// {"cpu_ms", "median_ms", "p99_ms"} of one picture.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <openvino/runtime/core.hpp>
#include <openvino/runtime/properties.hpp>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

double processor_ms() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto ms = [](const timeval& time) {
    return 1e3 * static_cast<double>(time.tv_sec) + 1e-3 * static_cast<double>(time.tv_usec);
  };
  return ms(used.ru_utime) + ms(used.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "usage: bare MODEL.onnx SIDE SECONDS\n");
    return 2;
  }
  const auto side = static_cast<std::size_t>(std::atoi(argv[2]));
  ov::Core core;
  auto network = core.read_model(argv[1]);
  network->reshape(ov::PartialShape{1, static_cast<int>(side), static_cast<int>(side), 3});
  auto compiled = core.compile_model(network, "CPU",
                                     {ov::hint::inference_precision(ov::element::f32), ov::num_streams(1),
                                      ov::inference_num_threads(1), ov::hint::enable_cpu_pinning(false)});
  auto request = compiled.create_infer_request();
  ov::Tensor picture(ov::element::u8, ov::Shape{1, side, side, 3});
  auto* pixels = picture.data<std::uint8_t>();
  for (std::size_t i = 0; i < picture.get_size(); ++i) pixels[i] = static_cast<std::uint8_t>(i % 251);
  request.set_input_tensor(picture);
  for (int warm = 0; warm < 20; ++warm) request.infer();

  std::vector<double> ms;
  const double before = processor_ms();
  const auto end = Clock::now() + std::chrono::seconds(std::atoi(argv[3]));
  while (Clock::now() < end) {
    const auto begin = Clock::now();
    request.infer();
    ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
  }
  const double cpu = (processor_ms() - before) / static_cast<double>(ms.size());
  std::sort(ms.begin(), ms.end());
  fmt::print("{{\"cpu_ms\": {:.3f}, \"median_ms\": {:.3f}, \"p99_ms\": {:.3f}}}\n", cpu, ms[ms.size() / 2],
             ms[ms.size() * 99 / 100]);
}
