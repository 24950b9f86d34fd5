#pragma once
#include <atomic>
#include <functional>
#include <string>

#include "drift_watch.hpp"
#include "engine.hpp"
#include "gallery_desk.hpp"
#include "job_runner.hpp"
#include "metrics.hpp"
#include "naevus/server/server.hpp"
#include "naevus/store/database.hpp"
#include "naevus/store/jobs.hpp"
#include "naevus/store/model_folder.hpp"
#include "naevus/store/picture_folder.hpp"
#include "password_desk.hpp"
#include "rate.hpp"
#include "retention.hpp"
#include "router.hpp"
#include "served_models.hpp"
#include "shadow.hpp"
#include "tasks.hpp"

namespace naevus::server {

/// What the routes work with. Its threads end in the reverse order: first the model's, then the store's, then those
/// that change models.
struct Context {
  explicit Context(const ServerOptions& options_in);

  /// Whether requests take a key or a session.
  bool asks_for_keys() const { return options.keys || !is_loopback(options.listener.address) || behind_proxy(); }
  /// Whether a proxy that we trust stands before us.
  bool behind_proxy() const { return !options.listener.trusted_proxies.empty(); }
  /// Whether clients reach us over TLS alone.
  bool behind_tls() const { return !options.listener.tls.certificate.empty() || behind_proxy(); }

  ServerOptions options;
  Metrics metrics;
  store::Database database;
  store::PictureFolder pictures;
  store::ModelFolder model_files;
  DecoderPool decoders;
  Shadow shadow;
  ServedModels models;
  JobRunner jobs;
  DriftWatch drift;
  GalleryDesk gallery;
  Retention retention;
  std::atomic<bool> ready = false;
  RateLimit rate;
  PasswordDesk passwords;
  Tasks tasks;
  Engine engine;
};

/// Runs a handler's part; what it throws becomes the answer: a Refusal as it is, InputError and UsageError 400, IoError
/// 503, anything else 500 and a line in the log.
void answered(const Call& call, const std::function<void()>& part);

/// The same, on the store's threads.
void answered_later(Context& context, Call call, std::function<void(const Call&)> part);

/// A route's handler that does so.
std::function<void(Call)> later(Context& context, void (*part)(Context&, const Call&));

void add_prediction_routes(Router& router, Context& context);
void add_saliency_routes(Router& router, Context& context);
void add_picture_routes(Router& router, Context& context);
void add_history_routes(Router& router, Context& context);
void add_review_routes(Router& router, Context& context);
void add_inference_protocol_routes(Router& router, Context& context);
void add_health_routes(Router& router, Context& context);
void add_model_routes(Router& router, Context& context);
void add_model_file_routes(Router& router, Context& context);
void add_drift_routes(Router& router, Context& context);
void add_similar_routes(Router& router, Context& context);
void add_session_routes(Router& router, Context& context);
void add_user_routes(Router& router, Context& context);
void add_patient_routes(Router& router, Context& context);
void add_job_routes(Router& router, Context& context);
void add_finding_routes(Router& router, Context& context);
void add_page_routes(Router& router, Context& context);

/// The model whose SHA-256 stands first in the address. @throws Refusal 404
store::Model model_asked_for(Context& context, const Call& call);

/// The job whose id stands first in the address. @throws Refusal 404
store::Job job_asked_for(Context& context, const Call& call);

}  // namespace naevus::server
