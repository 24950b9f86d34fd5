#include "tls.hpp"

#include "naevus/base/error.hpp"

namespace naevus::server {
namespace ssl = boost::asio::ssl;

ssl::context tls_context(const TlsFiles& files) {
  ssl::context context(ssl::context::tls_server);
  context.set_options(ssl::context::no_sslv2 | ssl::context::no_sslv3 | ssl::context::no_tlsv1 |
                      ssl::context::no_tlsv1_1 | ssl::context::no_compression);
  SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_RENEGOTIATION);
  boost::system::error_code error;
  context.use_certificate_chain_file(files.certificate, error);
  if (error)
    throw InputError("this is no certificate chain that can be used: " + error.message(), files.certificate,
                     "--tls-cert takes a PEM file, the server's own certificate first");
  context.use_private_key_file(files.key, ssl::context::pem, error);
  if (error)
    throw InputError("this is no private key of that certificate: " + error.message(), files.key,
                     "--tls-key takes the PEM file of the key, without a password");
  return context;
}

}  // namespace naevus::server
