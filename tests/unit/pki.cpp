#include "pki.hpp"

#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>

namespace pki {
namespace {

void require(bool condition, const char* what) {
  if (!condition) throw std::runtime_error(std::string("test certificates: ") + what);
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  require(extension != nullptr, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Key make_key(KeyKind kind) {
  Key key(kind == KeyKind::P256 ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048));
  require(key != nullptr, "key");
  return key;
}

void add_extensions(X509* certificate, X509* issuer, const Request& request) {
  std::string constraints = request.ca ? "critical,CA:TRUE" : "critical,CA:FALSE";
  if (request.path_length >= 0) constraints += ",pathlen:" + std::to_string(request.path_length);
  add_extension(certificate, issuer, NID_basic_constraints, constraints);
  if (request.ca) add_extension(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
  std::string names;
  for (const std::string& name : request.dns_names) names += (names.empty() ? "DNS:" : ",DNS:") + name;
  for (const std::string& address : request.addresses) names += (names.empty() ? "IP:" : ",IP:") + address;
  if (!names.empty()) add_extension(certificate, issuer, NID_subject_alt_name, names);
}

}  // namespace

Identity issue(const Request& request, const Identity* issuer) {
  static std::atomic<long> serial{1};
  Identity made{make_key(request.key), Cert(X509_new())};
  X509* certificate = made.certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), request.not_before);
  X509_gmtime_adj(X509_getm_notAfter(certificate), request.not_after);
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(request.common_name.c_str()), -1, -1, 0);
  X509* issuer_certificate = issuer == nullptr ? certificate : issuer->certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer_certificate));
  X509_set_pubkey(certificate, made.key.get());
  add_extensions(certificate, issuer_certificate, request);
  require(X509_sign(certificate, issuer == nullptr ? made.key.get() : issuer->key.get(), EVP_sha256()) > 0,
          "sign");
  return made;
}

Chain chain_of(const std::vector<const Identity*>& identities) {
  Chain chain(sk_X509_new_null());
  for (const Identity* identity : identities) {
    X509_up_ref(identity->certificate.get());
    sk_X509_push(chain.get(), identity->certificate.get());
  }
  return chain;
}

danelaw::Buffer certificate_der(X509* certificate) {
  unsigned char* der = nullptr;
  const int octets = i2d_X509(certificate, &der);
  danelaw::Buffer buffer(der, der + octets);
  OPENSSL_free(der);
  return buffer;
}

danelaw::Buffer spki_der(X509* certificate) {
  unsigned char* der = nullptr;
  const int octets = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  danelaw::Buffer buffer(der, der + octets);
  OPENSSL_free(der);
  return buffer;
}

danelaw::tlsa::Record record_for(int usage, int selector, int matching_type, X509* certificate) {
  const danelaw::Buffer content = selector == 0 ? certificate_der(certificate) : spki_der(certificate);
  danelaw::Buffer rdata{static_cast<std::uint8_t>(usage), static_cast<std::uint8_t>(selector),
                        static_cast<std::uint8_t>(matching_type)};
  if (matching_type == 0) {
    rdata.insert(rdata.end(), content.begin(), content.end());
  } else {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned octets = 0;
    EVP_Digest(content.data(), content.size(), digest, &octets,
               matching_type == 1 ? EVP_sha256() : EVP_sha512(), nullptr);
    rdata.insert(rdata.end(), digest, digest + octets);
  }
  return danelaw::tlsa::Record::from_rdata(rdata).value();
}

}  // namespace pki
