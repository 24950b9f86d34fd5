#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/hash.hpp"
#include "naevus/base/progress.hpp"
#include "naevus/model/model_file.hpp"
#include "naevus/network/weights.hpp"
#include "output_argument.hpp"

namespace naevus::app {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path file, out;
  std::vector<std::string> metadata;
  bool json = false;
};

std::map<std::string, std::string> parse_metadata(const std::vector<std::string>& pairs) {
  std::map<std::string, std::string> metadata;
  for (const std::string& pair : pairs) {
    const auto equals = pair.find('=');
    if (equals == pair.npos || equals == 0)
      throw UsageError(fmt::format("'{}' is no KEY=VALUE", pair), "--metadata", "for instance --metadata license=MIT");
    metadata[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return metadata;
}

void list(const network::StateDict& state, const Options& options) {
  std::size_t numbers = 0;
  for (const auto& [name, tensor] : state) numbers += tensor.values.size();
  if (options.json) {
    nlohmann::json tensors = nlohmann::json::object();
    for (const auto& [name, tensor] : state)
      tensors[name] = {{"shape", tensor.shape}, {"hash", hash_hex(std::as_bytes(std::span(tensor.values)))}};
    const nlohmann::json answer{{"file", options.file.string()}, {"numbers", numbers}, {"tensors", std::move(tensors)}};
    fmt::print("{}\n", answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    return;
  }
  for (const auto& [name, tensor] : state) fmt::print("{:<48} [{}]\n", name, fmt::join(tensor.shape, ", "));
  fmt::print("{} tensors, {} numbers\n", grouped(state.size()), grouped(numbers));
}

void run(const Options& options) {
  const auto metadata = parse_metadata(options.metadata);
  if (!metadata.empty() && options.out.empty())
    throw UsageError("goes into the file that -o writes, and there is none", "--metadata");
  keep_inputs(options.out, {options.file});
  const network::StateDict state =
      options.file.extension() == ".onnx" ? model::read_model(options.file).state : network::read_weights(options.file);
  if (options.out.empty()) return list(state, options);
  const std::vector<std::byte> content = network::to_safetensors(state, metadata);
  write_file(options.out, content);
  if (options.json) {
    const nlohmann::json answer{{"file", options.out.string()}, {"tensors", state.size()}};
    fmt::print("{}\n", answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  } else {
    fmt::print("{}: {} tensors, {} bytes\n", options.out.string(), grouped(state.size()), grouped(content.size()));
  }
}

}  // namespace

void add_weights(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* sub = root.add_subcommand("weights", "List the tensors of a weight file, or convert it to safetensors");
  sub->add_option("file", options->file, "safetensors, PyTorch .pth (either form), or a model of naevus")->required();
  sub->add_option("-o,--output", options->out, "Write the tensors there, as float32 safetensors");
  sub->add_option("--metadata", options->metadata, "KEY=VALUE for the written file (may be repeated)");
  sub->add_flag("--json", options->json, "Print the result as JSON");
  sub->footer(
      "Nothing in a .pth file is executed: of its pickle only tensors and their names are read.\n"
      "Examples:\n"
      "  naevus weights resnet50.pth\n"
      "  naevus weights resnet50.pth -o resnet50.safetensors --metadata license=BSD-3-Clause");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
