#include <map>
#include <mutex>

#include "conditional.hpp"
#include "context.hpp"
#include "field_list.hpp"
#include "naevus/page/page.hpp"

namespace naevus::server {
namespace {

/// Scripts, styles and pictures of our own alone; the engine's WebAssembly; the answers' pictures, and those that the
/// user chose, as blobs; a job's report in a frame.
constexpr std::string_view content_policy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; font-src 'self'; "
    "frame-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types default svelte-trusted-html";

constexpr std::string_view permissions =
    "camera=(self), accelerometer=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), xr-spatial-tracking=()";

constexpr std::string_view assets_folder = "/assets/";

/// A file with its bytes as they are, which hardly anybody asks for: every browser takes them compressed.
struct Offered {
  explicit Offered(const page::File& file_in) : file(file_in) {}

  std::string_view plain() {
    std::call_once(inflating, [this] { bytes = page::inflated(file); });
    return bytes;
  }

  const page::File& file;
  std::once_flag inflating;
  std::string bytes;
};
using OfferedPointer = std::shared_ptr<Offered>;

bool takes_gzip(const Fields& fields) {
  const auto codings = list_of(fields, "accept-encoding");
  const double gzip = weight_of(codings, "gzip").value_or(weight_of(codings, "*").value_or(0));
  return gzip > 0 && gzip >= weight_of(codings, "identity").value_or(0);
}

bool wants_a_page(const Head& head) {
  return weight_of(list_of(head.fields, "accept"), "text/html").value_or(0) > 0;
}

void answer(Context& context, const OfferedPointer& offered, const Call& call) {
  const page::File& file = offered->file;
  const bool gzip = takes_gzip(call.head().fields);
  const std::string tag = "\"" + std::string(file.sha256) + (gzip ? "-gzip\"" : "\"");
  Response response{.content_type = std::string(file.content_type),
                    .fields = {{"ETag", tag},
                               {"Vary", "Accept-Encoding"},
                               {"Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache"},
                               {"Content-Security-Policy", std::string(content_policy)},
                               {"Cross-Origin-Embedder-Policy", "require-corp"},
                               {"Permissions-Policy", std::string(permissions)}}};
  if (has_already(call.head(), tag)) {
    response.status = 304;
    response.content_type.clear();
    return call.exchange->reply(std::move(response));
  }
  if (gzip) {
    response.fields.emplace_back("Content-Encoding", "gzip");
    response.large = SharedBytes(file.gzip);
    return call.exchange->reply(std::move(response));
  }
  answered_later(context, call, [offered, response = std::move(response)](const Call& later) mutable {
    response.large = SharedBytes(offered->plain());
    later.exchange->reply(std::move(response));
  });
}

}  // namespace

void add_page_routes(Router& router, Context& context) {
  const auto route = [&](std::string pattern, const OfferedPointer& offered) -> Route {
    return {.method = "GET", .pattern = std::move(pattern), .handle = [&context, offered](const Call& call) {
              answer(context, offered, call);
            }};
  };
  std::map<std::string, OfferedPointer> assets;
  for (const page::File& file : page::files()) {
    const auto offered = std::make_shared<Offered>(file);
    const std::string path = "/" + std::string(file.path);
    if (path.starts_with(assets_folder)) {
      assets[path.substr(assets_folder.size())] = offered;
      continue;
    }
    router.add(route(path, offered));
    if (path != "/index.html") continue;
    router.add(route("/", offered));
    // The page itself tells its addresses apart.
    router.add_rest(route("/{page}", offered), wants_a_page);
  }
  router.add({.method = "GET",
              .pattern = "/assets/{name}",
              .handle = [&context, assets = std::move(assets)](const Call& call) {
                const auto found = assets.find(call.names.at(0));
                if (found == assets.end())
                  throw Refusal(404, "no-file", "the page has no such file",
                                "load the page again: there is a newer one");
                answer(context, found->second, call);
              }});
}

}  // namespace naevus::server
