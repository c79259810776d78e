#include "certificate_facts.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <ctime>

#include "credential.hpp"
#include "tlsa_record.hpp"

namespace danelaw::cli {
namespace {

Certificate certificate_of(std::string_view der) {
  const auto* next = reinterpret_cast<const unsigned char*>(der.data());
  const auto* const end = next + der.size();
  Certificate certificate(d2i_X509(nullptr, &next, static_cast<long>(der.size())));
  if (certificate != nullptr && next != end) certificate.reset();
  return certificate;
}

std::string text_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return "";
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::string sha256_of(const X509& certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned octets = 0;
  if (X509_digest(&certificate, EVP_sha256(), digest.data(), &octets) != 1) return "";
  return hex_of({reinterpret_cast<const char*>(digest.data()), octets});
}

}  // namespace

std::optional<CertificateFacts> certificate_facts(std::string_view der) {
  ERR_set_mark();
  const Certificate certificate = certificate_of(der);
  std::optional<CertificateFacts> facts;
  if (certificate != nullptr)
    facts = CertificateFacts{subject_of(*certificate), issuer_of(*certificate),
                             text_of(X509_get0_notBefore(certificate.get())),
                             text_of(X509_get0_notAfter(certificate.get())), sha256_of(*certificate)};
  ERR_pop_to_mark();
  return facts;
}

}  // namespace danelaw::cli
