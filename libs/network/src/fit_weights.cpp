#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "naevus/base/error.hpp"
#include "naevus/network/weights.hpp"

namespace naevus::network {
namespace {

/// Name of the last linear layer.
std::string head_name(const Graph& graph) {
  const auto head = std::find_if(graph.nodes.rbegin(), graph.nodes.rend(),
                                 [](const Node& node) { return std::holds_alternative<Linear>(node.operation); });
  return head == graph.nodes.rend() ? std::string() : head->name;
}

/// True if two shapes of a head's parameter differ in the class count alone.
bool other_class_count(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b) {
  return !a.empty() && a.size() == b.size() && std::equal(a.begin() + 1, a.end(), b.begin() + 1);
}

}  // namespace

FitReport fit_weights(const Graph& graph, const StateDict& weights, StateDict& state) {
  FitReport report;
  const std::string head = head_name(graph);
  const std::vector<ParameterSpec> specs = parameters(graph);
  StateDict fitting;
  // The head is taken whole or not at all.
  bool head_fits = true;
  for (const ParameterSpec& spec : specs) {
    const auto found = weights.find(spec.name);
    if (found == weights.end()) {
      report.missing.push_back(spec.name);
      continue;
    }
    const bool of_head = spec.name == head + ".weight" || spec.name == head + ".bias";
    if (found->second.shape == spec.shape) {
      fitting.emplace(*found);
    } else if (of_head && other_class_count(found->second.shape, spec.shape)) {
      head_fits = false;
    } else {
      throw InputError(fmt::format("'{}' is {} in the weights and {} in {}", spec.name, found->second.shape, spec.shape,
                                   graph.architecture),
                       "", "these weights are for another architecture");
    }
  }
  if (!head_fits)
    for (const char* part : {".weight", ".bias"})
      if (weights.contains(head + part)) {
        report.head.push_back(head + part);
        fitting.erase(head + part);
      }
  if (fitting.empty())
    throw InputError(
        fmt::format("none of the {} tensors in the weights belongs to {}", weights.size(), graph.architecture), "",
        "these weights are for another architecture; 'naevus weights FILE' lists what they hold");
  for (const auto& [name, tensor] : weights)
    if (std::none_of(specs.begin(), specs.end(), [&](const ParameterSpec& spec) { return spec.name == name; }))
      report.left_over.push_back(name);
  report.loaded = fitting.size();
  for (auto& [name, tensor] : fitting) state[name] = std::move(tensor);
  return report;
}

}  // namespace naevus::network
