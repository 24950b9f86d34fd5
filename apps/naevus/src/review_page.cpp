#include "review_page.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "naevus/base/error.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/clean/review_desk.hpp"
#include "page_files.hpp"
#include "review_page_server.hpp"

namespace naevus::app {
namespace {

using nlohmann::json;

/// 128 random bits as hex digits.
std::string secret() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    throw IoError("the system gives no random numbers", "getrandom");
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

/// Takes the same time wherever they differ.
bool same_secret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

/// Of "a=1&b=x" the value of a name; names and values are plain words here, so nothing is unescaped.
std::string_view query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), part.size() + 1));
    if (part.size() > name.size() && part.starts_with(name) && part[name.size()] == '=')
      return part.substr(name.size() + 1);
  }
  return {};
}

std::optional<std::size_t> query_number(std::string_view query, std::string_view name) {
  const std::string_view text = query_value(query, name);
  if (text.empty()) return std::nullopt;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw InputError(fmt::format("'{}' is no number", text), std::string(name));
  return number;
}

PageResponse json_response(const json& content, unsigned status = 200) {
  return {status, "application/json", content.dump(-1, ' ', false, json::error_handler_t::replace)};
}

PageResponse refused(unsigned status, const std::string& why) {
  return json_response({{"error", why}}, status);
}

class ReviewPage {
 public:
  ReviewPage(clean::ReviewDesk& desk, std::string token, std::uint16_t port)
      : desk_(desk),
        token_(std::move(token)),
        hosts_{fmt::format("127.0.0.1:{}", port), fmt::format("localhost:{}", port)} {}

  PageResponse answer(const PageRequest& request) {
    // Another page's script could reach this machine under a name of its own (DNS rebinding), or post a form here.
    if (!is_host(request.host)) return refused(403, "this page is for this machine alone");
    if (!request.origin.empty() && !(request.origin.starts_with("http://") && is_host(request.origin.substr(7))))
      return refused(403, "the request comes from another page");
    std::string_view path = request.target;
    const std::size_t end = std::min(path.find('?'), path.size());
    const std::string_view query = path.substr(std::min(end + 1, path.size()));
    path = path.substr(0, end);
    const std::string_view token = path.substr(std::min<std::size_t>(1, path.size()), token_.size());
    if (!path.starts_with('/') || !same_secret(token, token_) || path.substr(1 + token_.size()).substr(0, 1) != "/")
      return refused(403, "the address lacks the secret that naevus printed: open the whole address");
    path.remove_prefix(2 + token_.size());
    try {
      if (request.method == "GET") return shown(path, query);
      if (request.method == "POST") return done(path, query, request);
    } catch (const IoError& error) {
      return refused(500, error.what());
    } catch (const Error& error) {
      return refused(400, error.what());
    }
    return refused(405, "GET or POST");
  }

 private:
  bool is_host(std::string_view text) const { return text == hosts_[0] || text == hosts_[1]; }

  PageResponse shown(std::string_view path, std::string_view query) const {
    if (path.empty()) return {200, "text/html; charset=utf-8", std::string(page_files::html)};
    if (path == "review.css") return {200, "text/css; charset=utf-8", std::string(page_files::css)};
    if (path == "review.js") return {200, "text/javascript; charset=utf-8", std::string(page_files::js)};
    if (path == "session") return json_response(desk_.session());
    const std::string kind(query_value(query, "kind"));
    if (path == "progress") return json_response({{"progress", desk_.progress()}});
    if (path == "next") return card(desk_.next(query_number(query, "after"), kind), kind);
    if (path == "finding") return card(query_number(query, "n").value_or(0), kind);
    if (path == "picture") return picture(query);
    return refused(404, "there is no such page");
  }

  PageResponse picture(std::string_view query) const {
    constexpr int small = 480, large = 1600;
    const std::string_view which = query_value(query, "which");
    const auto part = which == "second"            ? clean::ReviewDesk::Which::second
                      : which == "second_as_it_is" ? clean::ReviewDesk::Which::second_as_it_is
                                                   : clean::ReviewDesk::Which::first;
    const int side = query_value(query, "size") == "large" ? large : small;
    return {200, "image/jpeg", desk_.picture(query_number(query, "finding").value_or(0), part, side)};
  }

  PageResponse done(std::string_view path, std::string_view query, const PageRequest& request) {
    if (path != "answer" && path != "back") return refused(404, "there is no such page");
    // A form of another page can't send this type.
    if (request.content_type != "application/json") return refused(415, "the content type must be application/json");
    if (path == "back") {
      const std::string kind(query_value(query, "kind"));
      const auto last = desk_.back();
      return card(last ? last : desk_.next(std::nullopt, kind), kind);
    }
    const json said = json::parse(request.body, nullptr, false);
    if (said.is_discarded()) return refused(400, "the answer is no JSON");
    desk_.answer(said);
    return json_response({{"progress", desk_.progress()}});
  }

  PageResponse card(const std::optional<std::size_t>& index, const std::string& kind) const {
    return json_response(
        {{"finding", index ? desk_.finding(*index, kind) : json(nullptr)}, {"progress", desk_.progress()}});
  }

  clean::ReviewDesk& desk_;
  std::string token_;
  std::array<std::string, 2> hosts_;
};

}  // namespace

ReviewCounts review_on_page(const clean::Workspace& workspace, const std::string& reviewer,
                            const std::vector<std::string>& kinds, std::uint16_t port) {
  const StopToken stop = interrupt_token();
  clean::ReviewDesk desk(workspace, reviewer, kinds);
  PageServer server(port);
  const std::string token = secret();
  ReviewPage page(desk, token, server.port());
  fmt::print("{} findings are open for {}: http://127.0.0.1:{}/{}/\n", desk.total(), reviewer, server.port(), token);
  fmt::print("Every answer is kept at once. Ctrl-C ends the review and brings clean.csv up to date.\n");
  std::fflush(stdout);
  server.run([&](const PageRequest& request) { return page.answer(request); }, stop);
  return {.answered = desk.answered(), .open = desk.total() - desk.answered()};
}

}  // namespace naevus::app
