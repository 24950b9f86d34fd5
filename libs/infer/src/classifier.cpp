#include "naevus/infer/classifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <utility>

#include "engine.hpp"
#include "in_order.hpp"
#include "naevus/base/file.hpp"
#include "naevus/image/decode.hpp"
#include "naevus/model/model_file.hpp"
#include "pooled_head.hpp"

namespace naevus::infer {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

image::Preparation known_preparation(const model::Card& card, const fs::path& path) {
  try {
    return preparation_of(card);
  } catch (InputError& error) {
    error.set_where(path.string());
    throw;
  }
}

std::vector<float> floats(ov::InferRequest& request, const char* output) {
  const ov::Tensor tensor = request.get_tensor(output);
  const float* values = std::as_const(tensor).data<const float>();
  return {values, values + tensor.get_size()};
}

}  // namespace

image::Preparation preparation_of(const model::Card& card) {
  image::Preparation preparation{.width = card.width, .height = card.height};
  try {
    image::set_step(preparation, "frame", card.frame);
    for (const auto& [step, value] : card.preparation) image::set_step(preparation, step, value);
  } catch (const UsageError& error) {
    throw InputError("the model's card asks for what this program can't do: " + error.problem(), "",
                     "use a newer naevus");
  }
  return preparation;
}

struct Classifier::State {
  State(const fs::path& file, const ClassifierOptions& options)
      : path(file),
        card(model::read_card(path)),
        preparation(known_preparation(card, path)),
        pool(options.threads),
        engine(path, card, pool.threads(), BlobCache(options.cache.value_or(default_cache_folder()))) {
    for (std::size_t i = 0; i < card.classes.size(); ++i)
      if (std::find(card.malignant.begin(), card.malignant.end(), card.classes[i]) != card.malignant.end())
        malignant.push_back(i);
  }

  void infer(ov::InferRequest& request, const image::Image& picture) const;
  Answer answer(const image::Image& picture);
  Outcome outcome(const fs::path& file);
  const PooledHead& pooled_head();

  fs::path path;
  model::Card card;
  image::Preparation preparation;
  std::vector<std::size_t> malignant;
  WorkerPool pool;
  Engine engine;
  std::mutex head_mutex;
  std::optional<PooledHead> head;  ///< read when the first map is asked for
};

void Classifier::State::infer(ov::InferRequest& request, const image::Image& picture) const {
  if (picture.width != card.width || picture.height != card.height)
    throw InputError(fmt::format("the picture has {}×{} pixels, the model takes {}×{}", picture.width, picture.height,
                                 card.width, card.height),
                     "", "prepare it as the model's card says");
  ov::Tensor input = request.get_input_tensor();
  std::copy(picture.pixels.begin(), picture.pixels.end(), input.data<std::uint8_t>());
  request.infer();
}

Answer Classifier::State::answer(const image::Image& picture) {
  const auto begin = Clock::now();
  Engine::Lease request(engine);
  infer(*request, picture);
  Answer answer{.probabilities = floats(*request, "probabilities"),
                .logits = floats(*request, "logits"),
                .embedding = floats(*request, "embedding"),
                .ood_score = floats(*request, "ood_score").at(0)};
  const auto finite = [](float value) { return std::isfinite(value); };
  if (!std::all_of(answer.probabilities.begin(), answer.probabilities.end(), finite))
    throw InputError("the model's answer is not a number", path.string(), "its weights are damaged; train it again");
  for (const std::size_t i : malignant) answer.malignant += static_cast<double>(answer.probabilities.at(i));
  answer.seconds = seconds_since(begin);
  return answer;
}

Outcome Classifier::State::outcome(const fs::path& file) {
  try {
    const auto begin = Clock::now();
    Answer result = answer(image::prepare(image::load(file), preparation));
    result.seconds = seconds_since(begin);
    return result;
  } catch (const Error& error) {
    Error named = error;
    if (named.where().empty()) named.set_where(file.string());
    return named;
  } catch (const std::bad_alloc&) {
    return Error("not enough memory for this picture", file.string(), "make it smaller, or use fewer threads");
  } catch (const std::exception& error) {
    return Error(fmt::format("the model failed on this picture: {}", error.what()), file.string());
  }
}

const PooledHead& Classifier::State::pooled_head() {
  const std::lock_guard lock(head_mutex);
  if (!head) head = infer::pooled_head(model::read_model(path), path.string());
  return *head;
}

Classifier::Classifier(const fs::path& model, const ClassifierOptions& options)
    : state_(std::make_unique<State>(model, options)) {}
Classifier::~Classifier() = default;
Classifier::Classifier(Classifier&&) noexcept = default;
Classifier& Classifier::operator=(Classifier&&) noexcept = default;

const model::Card& Classifier::card() const {
  return state_->card;
}
const image::Preparation& Classifier::preparation() const {
  return state_->preparation;
}
int Classifier::threads() const {
  return state_->pool.threads();
}

std::vector<Answer> Classifier::classify(std::span<const image::Image> pictures) const {
  std::vector<Answer> answers(pictures.size());
  state_->pool.for_each(pictures.size(), [&](std::size_t i) { answers[i] = state_->answer(pictures[i]); });
  return answers;
}

Answer Classifier::classify_encoded(std::span<const std::byte> file) const {
  const auto begin = Clock::now();
  Answer answer = state_->answer(image::prepare(image::decode(file), preparation()));
  answer.seconds = seconds_since(begin);
  return answer;
}

std::vector<Outcome> Classifier::classify_files(std::span<const fs::path> files,
                                                const std::function<void(std::size_t)>& on_done,
                                                const StopToken& stop) const {
  std::vector<Outcome> outcomes(files.size());
  std::mutex one_at_a_time;
  state_->pool.for_each(files.size(), [&](std::size_t i) {
    stop.check();
    outcomes[i] = state_->outcome(files[i]);
    if (!on_done) return;
    const std::lock_guard lock(one_at_a_time);
    on_done(i);
  });
  return outcomes;
}

void Classifier::stream_files(std::span<const fs::path> files, const std::function<void(std::size_t, Outcome)>& take,
                              const StopToken& stop) const {
  in_order<Outcome>(
      state_->pool, files.size(),
      [&](std::size_t i) {
        stop.check();
        return state_->outcome(files[i]);
      },
      take);
}

ActivationMap Classifier::activation_map(const image::Image& picture, std::size_t class_index) const {
  if (class_index >= card().classes.size())
    throw InputError(fmt::format("the model has no class number {}", class_index), state_->path.string());
  const PooledHead& head = state_->pooled_head();
  Engine::Lease request(state_->engine);
  state_->infer(*request, picture);
  const ov::Tensor features = request->get_tensor("features");
  const ov::Shape shape = features.get_shape();
  return infer::activation_map(head, {std::as_const(features).data<const float>(), features.get_size()},
                               static_cast<int>(shape.at(3)), static_cast<int>(shape.at(2)), class_index);
}

std::vector<float> Classifier::saliency(const image::Image& picture, std::size_t class_index) const {
  std::vector<float> values = enlarge(activation_map(picture, class_index), card().width, card().height);
  const float top = *std::max_element(values.begin(), values.end());
  for (float& value : values) value = top > 0 ? std::max(value, 0.0F) / top : 0;
  return values;
}

}  // namespace naevus::infer
