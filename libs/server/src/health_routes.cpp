#include "context.hpp"
#include "json_body.hpp"

namespace naevus::server {

void add_health_routes(Router& router, Context& context) {
  router.add({.method = "GET", .pattern = "/v2/health/live", .handle = [](const Call& call) {
                call.exchange->reply(json_response({{"live", true}}));
              }});
  router.add({.method = "GET", .pattern = "/v2/health/ready", .handle = [&context](const Call& call) {
                call.exchange->reply(json_response({{"ready", context.ready.load()}}, context.ready ? 200 : 503));
              }});
  router.add(
      {.method = "GET", .pattern = "/metrics", .role = store::Role::viewer, .handle = [&context](const Call& call) {
         context.metrics.ready.Set(context.ready ? 1 : 0);
         call.exchange->reply(
             {.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = context.metrics.text()});
       }});
}

}  // namespace naevus::server
