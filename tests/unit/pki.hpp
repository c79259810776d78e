// A small certificate authority for tests: keys and certificates made in memory, valid or wrong on purpose.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "tlsa/record.hpp"

namespace pki {

struct KeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct CertificateFree {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyFree>;
using Cert = std::unique_ptr<X509, CertificateFree>;

/// A certificate and its key.
struct Identity {
  Key key;
  Cert certificate;
};

enum class KeyKind { P256, Rsa2048 };

/// What to write into a certificate.
struct Request {
  std::string common_name = "test";
  std::vector<std::string> dns_names = {};
  std::vector<std::string> addresses = {};
  bool ca = false;
  int path_length = -1;     ///< -1: no limit
  long not_before = -3600;  ///< seconds from now
  long not_after = 86400;   ///< seconds from now
  KeyKind key = KeyKind::P256;
};

/// Signed by `issuer`, or by itself where that is null.
Identity issue(const Request& request, const Identity* issuer = nullptr);

/// A stack that holds references of its own. Null entries are not allowed.
struct ChainFree {
  void operator()(STACK_OF(X509) * chain) const { sk_X509_pop_free(chain, X509_free); }
};
using Chain = std::unique_ptr<STACK_OF(X509), ChainFree>;
Chain chain_of(const std::vector<const Identity*>& identities);

danelaw::Buffer certificate_der(X509* certificate);
danelaw::Buffer spki_der(X509* certificate);

/// The TLSA record that names `certificate`.
danelaw::tlsa::Record record_for(int usage, int selector, int matching_type, X509* certificate);

}  // namespace pki
