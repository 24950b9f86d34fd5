#include "naevus/server/server.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>

#include "caller.hpp"
#include "context.hpp"
#include "json_body.hpp"
#include "naevus/base/disk_full.hpp"
#include "naevus/base/log.hpp"
#include "naevus/store/predictions.hpp"

namespace naevus::server {
namespace {

int threads_of(const ServerOptions& options) {
  return options.threads > 0 ? options.threads : available_cores();
}

DecoderOptions decoders_of(const ServerOptions& options) {
  DecoderOptions decoder = options.decoder;
  decoder.children = threads_of(options);
  return decoder;
}

void check(const ServerOptions& options) {
  const ListenerOptions& listener = options.listener;
  if (!is_loopback(listener.address) && listener.tls.certificate.empty() && listener.trusted_proxies.empty())
    throw UsageError(
        "pictures of patients would cross the network in the clear", listener.address,
        "give --tls-cert and --tls-key, --tls self-signed, or the --trusted-proxy that takes HTTPS for it; "
        "or serve on 127.0.0.1 alone");
}

/// Each connection takes a descriptor, and systems give a program 1024 unless it asks for more.
void allow_descriptors(int connections) {
  constexpr rlim_t others = 256;  // the store's, the decoders', the model's
  const rlim_t needed = static_cast<rlim_t>(connections) + others;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed) return;
  limit.rlim_cur = std::min(needed, limit.rlim_max);
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < needed)
    log::warning(fmt::format("this program may open {} files, {} connections at once take {}: raise ulimit -n",
                             limit.rlim_cur, connections, needed));
}

}  // namespace

Context::Context(const ServerOptions& options_in)
    : options(options_in),
      database(options.data),
      pictures(options.data.folder),
      model_files(options.data.folder),
      decoders(decoders_of(options)),
      shadow(database, model_files, options.decoder, metrics),
      models(options, database, model_files, decoders, shadow, metrics),
      jobs(options, database, model_files, models),
      drift(database, models, metrics),
      gallery(options.data.folder, pictures),
      retention(database, pictures, gallery, options.keep),
      rate(options.requests_per_second),
      tasks(4),
      engine(models, decoders, metrics, {.threads = threads_of(options), .queue = options.queue}) {}

void answered(const Call& call, const std::function<void()>& part) {
  const auto internal = [&](const std::string& what) {
    log::warning(fmt::format("{}: {}", call.head().id, what));
    return Refusal(500, "internal", "an internal error; the server's log names it beside this request's id");
  };
  try {
    part();
  } catch (const Refusal& refusal) {
    call.exchange->refuse(refusal);
  } catch (const InputError& error) {
    call.exchange->refuse(Refusal(400, "request", error.problem(), error.advice()));
  } catch (const UsageError& error) {
    call.exchange->refuse(Refusal(400, "request", error.problem(), error.advice()));
  } catch (const DiskFull& error) {
    log::warning(fmt::format("{}: {}", call.head().id, error.what()));
    call.exchange->refuse(Refusal(503, "disk-full", "it could not be kept: the server's disk is full",
                                  "nothing was kept of this request; try again when there is room",
                                  {{"Retry-After", "60"}}));
  } catch (const IoError& error) {
    log::warning(fmt::format("{}: {}", call.head().id, error.what()));
    call.exchange->refuse(Refusal(503, "storage", "it could not be kept or read: the server's disk or database fails",
                                  "nothing was kept of this request; try again later", {{"Retry-After", "5"}}));
  } catch (const std::exception& error) {
    call.exchange->refuse(internal(error.what()));
  }
}

void answered_later(Context& context, Call call, std::function<void(const Call&)> part) {
  context.tasks.post([call = std::move(call), part = std::move(part)] { answered(call, [&] { part(call); }); });
}

std::function<void(Call)> later(Context& context, void (*part)(Context&, const Call&)) {
  return [&context, part](const Call& call) {
    answered_later(context, call, [&context, part](const Call& then) { part(context, then); });
  };
}

struct Server::State {
  explicit State(const ServerOptions& options) : listener(options.listener), context(options) {
    add_prediction_routes(router, context);
    add_saliency_routes(router, context);
    add_picture_routes(router, context);
    add_history_routes(router, context);
    add_review_routes(router, context);
    add_inference_protocol_routes(router, context);
    add_health_routes(router, context);
    add_model_routes(router, context);
    add_model_file_routes(router, context);
    add_drift_routes(router, context);
    add_similar_routes(router, context);
    add_session_routes(router, context);
    add_user_routes(router, context);
    add_patient_routes(router, context);
    add_job_routes(router, context);
    add_finding_routes(router, context);
    add_page_routes(router, context);
    context.tasks.post([this] { tidy_up(); });
  }
  ~State() { listener.drain(std::chrono::milliseconds(0)); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void judge(const std::shared_ptr<const Head>& head, const std::function<void(Plan)>& done);
  void authorise(const Head& head, const Route& route, std::vector<std::string> names, Plan& plan);
  void on_end(const Listener::Ended& ended);
  void tidy_up();

  Listener listener;  ///< outlives the context, whose threads answer to the end
  Context context;
  Router router;
};

/// What a crash left between a picture and its prediction, or its erasure and the gallery: each, whatever becomes of
/// the other.
void Server::State::tidy_up() {
  try {
    if (const std::size_t removed = store::sweep_pictures(context.database, context.pictures); removed > 0)
      log::info(fmt::format("{} pictures without a prediction were removed", removed));
  } catch (const Error& error) {
    log::warning(fmt::format("pictures without a prediction stay: {}", error.what()));
  }
  try {
    context.gallery.forget({});
  } catch (const Error& error) {
    log::warning(fmt::format("pictures that were erased stay in the gallery: {}", error.what()));
  }
}

void Server::State::authorise(const Head& head, const Route& route, std::vector<std::string> names, Plan& plan) {
  const Caller asking = caller_of(context, head, route);
  const std::string caller = context.asks_for_keys() ? asking.actor.id : head.address;
  if (const double wait = route.role ? context.rate.wait(caller, std::chrono::steady_clock::now()) : 0; wait > 0)
    throw Refusal(429, "rate", "too many requests", "send them more slowly",
                  {{"Retry-After", fmt::format("{:.0f}", std::ceil(wait))}});
  plan.body_limit = route.body_limit;
  plan.live = route.live;
  plan.run = [&route, names = std::move(names), asking](std::shared_ptr<Exchange> exchange) {
    const Call call{.exchange = std::move(exchange), .names = names, .actor = asking.actor, .role = asking.role};
    answered(call, [&] { route.handle(call); });
  };
}

void Server::State::judge(const std::shared_ptr<const Head>& head, const std::function<void(Plan)>& done) {
  const auto refused = [done](const Refusal& refusal) { done({.refusal = refusal}); };
  try {
    if (head->method == "OPTIONS") {
      const std::string allowed = router.allowed(*head);
      return done({.run = [allowed](const std::shared_ptr<Exchange>& exchange) {
        exchange->reply({.status = 204, .fields = {{"Allow", allowed}}});
      }});
    }
    std::vector<std::string> names;
    const Route& route = router.find(*head, names);
    if (route.needs_model && !context.ready)
      throw Refusal(503, "not-ready", "the server is starting or stopping", "try again soon", {{"Retry-After", "1"}});
    const auto authorised = [this, head, &route, names, done, refused] {
      try {
        Plan plan;
        authorise(*head, route, names, plan);
        done(std::move(plan));
      } catch (const Refusal& refusal) {
        refused(refusal);
      } catch (const std::exception& error) {
        log::warning(fmt::format("{}: keys can't be read: {}", head->id, error.what()));
        refused(Refusal(503, "storage", "the API keys can't be read", "try again later", {{"Retry-After", "5"}}));
      }
    };
    if (context.asks_for_keys() && route.role)
      context.tasks.post(authorised);
    else
      authorised();
  } catch (const Refusal& refusal) {
    refused(refusal);
  }
}

void Server::State::on_end(const Listener::Ended& ended) {
  const std::string route = ended.head ? router.pattern_of(*ended.head) : "";
  context.metrics.request(route.empty() ? "other" : route, ended.status, ended.seconds);
  if (!ended.refusal.empty()) context.metrics.refusal(std::string(ended.refusal));
  log::info(fmt::format("{} {} {} {} {:.1f} ms{}{}", ended.head ? ended.head->id : "-",
                        ended.head ? ended.head->method : "-", route.empty() ? "-" : route, ended.status,
                        ended.seconds * 1000, ended.refusal.empty() ? "" : " ", ended.refusal));
}

Server::Server(const ServerOptions& options) {
  check(options);
  allow_descriptors(options.listener.limits.connections);
  state_ = std::make_unique<State>(options);
}
Server::~Server() = default;

std::string Server::url() const {
  return state_->listener.url();
}
std::uint16_t Server::port() const {
  return state_->listener.port();
}
std::string Server::model_name() const {
  return state_->context.models.current()->entry.name;
}
std::string Server::model_version() const {
  return state_->context.models.current()->entry.version;
}
bool Server::asks_for_keys() const {
  return state_->context.asks_for_keys();
}

void Server::start() {
  State& state = *state_;
  state.listener.start([&state](const auto& head, const auto& done) { state.judge(head, done); },
                       [&state](const Listener::Ended& ended) { state.on_end(ended); });
  state.context.models.start();
  state.context.jobs.start();
  state.context.ready = true;
}

bool Server::drain() {
  state_->context.ready = false;
  return state_->listener.drain(state_->context.options.drain);
}

}  // namespace naevus::server
