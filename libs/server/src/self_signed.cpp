#include "naevus/server/self_signed.hpp"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <memory>
#include <set>

#include "naevus/base/error.hpp"
#include "naevus/base/file.hpp"

namespace naevus::server {
namespace fs = std::filesystem;
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* owned) const {
    Free(owned);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

void require(bool held) {
  if (!held)
    throw Error("OpenSSL could not make a certificate", "--tls self-signed", "give one with --tls-cert and --tls-key");
}

/// "DNS:localhost", "IP:127.0.0.1", …, without what stands for every address.
std::set<std::string> alternative_names(const std::vector<std::string>& names) {
  std::set<std::string> entries{"DNS:localhost", "IP:127.0.0.1", "IP:::1"};
  for (const std::string& name : names) {
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(name, error);
    if (error)
      entries.insert("DNS:" + name.substr(0, name.find(':')));  // without a port
    else if (!address.is_unspecified())
      entries.insert("IP:" + name);
  }
  return entries;
}

/// Whether a certificate for those names, parted by commas, is for all of the wanted ones.
bool covers(const std::string& kept, const std::set<std::string>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
    return ("," + kept + ",").find("," + name + ",") != std::string::npos;
  });
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

Certificate certificate_for(EVP_PKEY* key, const std::string& names) {
  constexpr long ten_years = 3650L * 24 * 3600;
  Certificate certificate(X509_new());
  unsigned char serial[16];
  require(certificate && RAND_bytes(serial, sizeof serial) == 1);
  serial[0] &= 0x7f;
  BIGNUM* const number = BN_bin2bn(serial, sizeof serial, nullptr);
  require(number != nullptr && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.get())) != nullptr);
  BN_free(number);
  X509_set_version(certificate.get(), 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);  // a client's clock may be slow
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), ten_years);
  X509_NAME* const subject = X509_get_subject_name(certificate.get());
  const auto* const name = reinterpret_cast<const unsigned char*>("naevus (self-signed)");
  require(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, name, -1, -1, 0) == 1);
  require(X509_set_issuer_name(certificate.get(), subject) == 1 && X509_set_pubkey(certificate.get(), key) == 1);
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(certificate.get(), NID_ext_key_usage, "serverAuth");
  add_extension(certificate.get(), NID_subject_alt_name, names);
  require(X509_sign(certificate.get(), key, EVP_sha256()) > 0);
  return certificate;
}

template <class Write>
std::string pem(const Write& write) {
  const Memory memory(BIO_new(BIO_s_mem()));
  require(memory && write(memory.get()) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

TlsFiles self_signed(const fs::path& folder, const std::vector<std::string>& names) {
  const TlsFiles files{.certificate = (folder / "self-signed.pem").string(),
                       .key = (folder / "self-signed.key").string()};
  const fs::path names_file = folder / "self-signed.names";
  const std::set<std::string> wanted = alternative_names(names);
  if (fs::exists(files.certificate) && fs::exists(files.key) && fs::exists(names_file) &&
      covers(read_text(names_file), wanted))
    return files;
  const std::string all = fmt::format("{}", fmt::join(wanted, ","));
  const Key key(EVP_EC_gen("P-256"));
  require(key != nullptr);
  const Certificate certificate = certificate_for(key.get(), all);
  const mode_t before = umask(0077);
  write_file(files.key, pem([&](BIO* out) {
               return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
             }));
  umask(before);
  write_file(files.certificate, pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); }));
  write_file(names_file, all);
  return files;
}

}  // namespace naevus::server
