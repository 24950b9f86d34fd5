#include <fmt/format.h>

#include <memory>
#include <thread>

#include "commands.hpp"
#include "data_argument.hpp"
#include "model_argument.hpp"
#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"
#include "naevus/base/log.hpp"
#include "naevus/base/parallel.hpp"
#include "naevus/base/terminal.hpp"
#include "naevus/server/reachable.hpp"
#include "naevus/server/self_signed.hpp"
#include "naevus/server/server.hpp"
#include "qr_code.hpp"

namespace naevus::app {
namespace fs = std::filesystem;
namespace {

struct Options {
  std::vector<std::string> arguments;
  fs::path model;
  server::ServerOptions server;
  std::string tls;
  std::vector<std::string> called_by;  ///< by other devices, where the certificate is our own
  int deadline = 30, picture_mib = 32, idle_hours = 8;
};

/// The data folder can be written: said before the model is loaded.
void check_folder(const fs::path& folder) {
  const fs::path probe = folder / ".writable";
  try {
    write_file(probe, std::string_view());
    fs::remove(probe);
  } catch (const IoError& error) {
    throw IoError("nothing can be kept in the data folder: " + error.problem(), folder.string(),
                  "choose another with --data, or make it writable");
  }
}

void set_tls(Options& options) {
  server::TlsFiles& files = options.server.listener.tls;
  if (files.certificate.empty() != files.key.empty())
    throw UsageError("a certificate and its key go together", "--tls-cert", "give --tls-cert and --tls-key");
  if (options.tls.empty()) return;
  if (!files.certificate.empty())
    throw UsageError("there is a certificate already", "--tls", "leave --tls or --tls-cert out");
  server::ListenerOptions& listener = options.server.listener;
  std::vector<std::string> names = listener.names;
  names.push_back(listener.address);
  if (!server::is_loopback(listener.address) && listener.trusted_proxies.empty()) {
    const auto addresses = server::reachable_addresses(listener.address);
    options.called_by = listener.names;
    for (const std::string& address : addresses) options.called_by.push_back(server::url_host(address));
    names.insert(names.end(), addresses.begin(), addresses.end());
    listener.names = options.called_by;
  }
  files = server::self_signed(options.server.data.folder / "tls", names);
}

/// Where other devices find the server; for a phone also as a QR code, where somebody can hold one to it.
void show_addresses(const Options& options, std::uint16_t port) {
  if (options.called_by.empty()) return;
  std::vector<std::string> urls;
  for (const std::string& name : options.called_by) {
    const std::size_t colon = name.rfind(':');
    const bool has_port = colon != std::string::npos && !name.ends_with(']');
    urls.push_back(has_port ? "https://" + name : fmt::format("https://{}:{}", name, port));
  }
  const char* const refused = std::getenv("NO_COLOR");
  if (stderr_is_terminal()) fmt::print(stderr, "{}", qr_code(urls.front(), refused == nullptr || *refused == '\0'));
  fmt::print(stderr,
             "other devices: {}\n        browsers warn of the certificate once: nobody but this server has signed it\n",
             fmt::join(urls, "  "));
}

void run(Options options) {
  options.server.model = named_model(options.arguments, options.model);
  options.server.shipped_model = shipped_model();
  if (!options.arguments.empty())
    throw UsageError("this is no model", options.arguments.front(), "a model's name ends in .onnx");
  check_folder(options.server.data.folder);
  set_tls(options);
  options.server.deadline = std::chrono::seconds(options.deadline);
  options.server.sessions.idle = std::chrono::hours(options.idle_hours);
  options.server.decoder.limits.max_bytes = static_cast<std::uint64_t>(options.picture_mib) << 20;
  options.server.decoder.command = {(program_folder() / "naevus").string(), "decoder-child"};

  const StopToken stop = interrupt_token();
  server::Server server(options.server);
  server.start();
  const std::string data = options.server.data.url.empty() ? options.server.data.folder.string()
                                                           : options.server.data.folder.string() + " and PostgreSQL";
  const std::string version = NAEVUS_VERSION;
  fmt::print("naevus {}  {}   model {} v{}   data {}   ({}keys {})\n", version.substr(0, version.rfind('.')),
             server.url(), server.model_name(), server.model_version(), data,
             !options.server.listener.trusted_proxies.empty()       ? "behind a proxy; "
             : server::is_loopback(options.server.listener.address) ? "loopback only; "
                                                                    : "",
             server.asks_for_keys() ? "on" : "off");
  std::fflush(stdout);
  show_addresses(options, server.port());
  while (!stop.requested()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  if (!server.drain()) log::warning("some requests were still under way when the time to stop was up");
}

void add_tls_options(CLI::App& sub, Options& options) {
  auto& listener = options.server.listener;
  sub.add_option("--tls-cert", listener.tls.certificate, "Certificate chain (PEM) to serve HTTPS with");
  sub.add_option("--tls-key", listener.tls.key, "Its private key (PEM)");
  sub.add_option("--tls", options.tls,
                 "self-signed: a certificate of our own, kept in the data folder; off loopback it also shows where a "
                 "phone finds "
                 "the server, as a QR code in a terminal")
      ->check(CLI::IsMember({"self-signed"}));
}

}  // namespace

void add_serve(CLI::App& root) {
  auto options = std::make_shared<Options>();
  CLI::App* const sub = root.add_subcommand("serve", "Answer over HTTP, and keep what was answered");
  auto& server = options->server;
  sub->add_option("MODEL", options->arguments,
                  "The model, .onnx: entered in the data folder and promoted (default: the one promoted last; where "
                  "there is none, the one that came with naevus)")
      ->expected(0, 1);
  sub->add_option("--model", options->model, "The same");
  sub->add_option("--address", server.listener.address, "Address to serve at (default: 127.0.0.1, this machine alone)");
  sub->add_option("--port", server.listener.port, "Port (default: 8080; 0: one that is free)");
  sub->add_option(
         "--name", server.listener.names,
         "Host name that clients call this server by, with a port where that is another (NAME:443); may be repeated")
      ->take_all();
  sub->add_option("--trusted-proxy", server.listener.trusted_proxies,
                  "Address or network of the proxy that takes HTTPS for the server (10.0.0.7, 10.0.0.0/24); may be "
                  "repeated. It alone may connect then, and says in X-Forwarded-For and X-Forwarded-Proto who asks")
      ->type_name("ADDRESS[/BITS]")
      ->take_all();
  add_data_options(*sub, server.data);
  sub->add_option_function<int>(
         "--keep-days", [options](int days) { options->server.keep = std::chrono::days(days); },
         "Erase predictions, with their pictures, after so many days (default: never)")
      ->check(CLI::Range(1, 36'500));
  sub->add_option("--workspace", server.workspace,
                  "Folder of manifests and recipes: lets admins start jobs (train, clean, retrain) over HTTP")
      ->check(CLI::ExistingDirectory)
      ->type_name("DIR");
  add_tls_options(*sub, *options);
  sub->add_flag("--keys", server.keys,
                "Ask for API keys on loopback too (`naevus key create`), or for signing in (`naevus user add`)");
  sub->add_option("--idle-hours", options->idle_hours,
                  "Hours without a request after which a user is signed out (default: 8; after 7 days in any case)")
      ->check(CLI::Range(1, 168));
  sub->add_option("--rate", server.requests_per_second, "Requests a second of one key or address (default: no limit)")
      ->check(CLI::NonNegativeNumber);
  sub->add_option("--threads", server.threads, "Model threads (default: all cores)")->check(CLI::NonNegativeNumber);
  sub->add_option("--queue", server.queue, "Pictures that may wait for a model thread (default: 64)")
      ->check(CLI::Range(1, 100'000));
  sub->add_option("--deadline", options->deadline, "Seconds that a picture may wait for its turn (default: 30)")
      ->check(CLI::Range(1, 3600));
  sub->add_option("--picture-mib", options->picture_mib, "Largest picture, in MiB (default: 32)")
      ->check(CLI::Range(1, 256));
  sub->footer(
      "Off loopback, API keys are required, and TLS: our own or a trusted proxy's. SIGTERM or Ctrl-C: requests under "
      "way are answered, then it ends.\n"
      "Examples:\n"
      "  naevus serve\n"
      "  naevus serve runs/first/model.onnx --port 9000 --data /srv/naevus\n"
      "  naevus serve --address 0.0.0.0 --tls self-signed\n"
      "  naevus serve --address 0.0.0.0 --name clinic.example --tls-cert chain.pem --tls-key key.pem\n"
      "  naevus serve --address 0.0.0.0 --name clinic.example --trusted-proxy 10.0.0.7\n"
      "  curl --data-binary @mole.jpg -H 'Content-Type: image/jpeg' http://127.0.0.1:8080/api/v1/predictions");
  sub->callback([options] { run(*options); });
}

}  // namespace naevus::app
