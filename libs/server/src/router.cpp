#include "router.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace naevus::server {
namespace {

bool is_hole(const std::string& segment) {
  return segment.starts_with('{');
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  return std::equal(pattern.begin(), pattern.end(), path.begin(), path.end(),
                    [](const std::string& a, const std::string& b) { return is_hole(a) || a == b; });
}

[[noreturn]] void refuse_path(const Head& head) {
  throw Refusal(404, "no-route", fmt::format("there is nothing at /{}", fmt::join(head.path, "/")),
                "api/openapi.yaml lists what there is");
}

}  // namespace

void Router::add(Route route) {
  Head head;
  read_target(route.pattern, head);
  entries_.push_back({.route = std::move(route), .segments = std::move(head.path)});
}

void Router::add_rest(Route route, std::function<bool(const Head&)> takes) {
  rest_ = std::move(route);
  rest_takes_ = std::move(takes);
}

bool Router::is_rest(const Head& head) const {
  if (head.path.empty()) return false;
  const bool begins_as_another = std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return !entry.segments.empty() && entry.segments.front() == head.path.front();
  });
  return !begins_as_another && rest_takes_(head);
}

std::string Router::pattern_of(const Head& head) const {
  const Entry* best = nullptr;
  const auto holes = [](const Entry& entry) {
    return std::count_if(entry.segments.begin(), entry.segments.end(), is_hole);
  };
  for (const Entry& entry : entries_)
    if (matches(entry.segments, head.path) && (best == nullptr || holes(entry) < holes(*best))) best = &entry;
  if (best != nullptr) return best->route.pattern;
  return rest_ && is_rest(head) ? rest_->pattern : "";
}

std::string Router::allowed(const Head& head) const {
  std::string methods;
  const std::string pattern = pattern_of(head);
  const auto allow = [&](const Route& route) {
    if (route.pattern != pattern) return;
    methods += route.method == "GET" && !route.live ? "GET, HEAD, " : route.method + ", ";
  };
  for (const Entry& entry : entries_) allow(entry.route);
  if (rest_) allow(*rest_);
  if (methods.empty() && head.method != "OPTIONS") refuse_path(head);
  if (methods.empty() && !head.path.empty()) refuse_path(head);
  return methods + "OPTIONS";
}

const Route& Router::find(const Head& head, std::vector<std::string>& names) const {
  const std::string pattern = pattern_of(head);
  for (const Entry& entry : entries_) {
    if (entry.route.method != head.method || entry.route.pattern != pattern) continue;
    for (std::size_t i = 0; i < entry.segments.size(); ++i)
      if (is_hole(entry.segments[i])) names.push_back(head.path[i]);
    return entry.route;
  }
  if (rest_ && rest_->method == head.method && rest_->pattern == pattern) return *rest_;
  const std::string methods = allowed(head);
  throw Refusal(405, "method", fmt::format("{} is no method of this address", head.method), "use one of: " + methods,
                {{"Allow", methods}});
}

}  // namespace naevus::server
