#include "tlsa_record.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <new>

#include "exit.hpp"
#include "numbers.hpp"
#include "terminal.hpp"

namespace danelaw::cli {
namespace {

constexpr std::array<const char*, 4> usage_names = {"PKIX-TA", "PKIX-EE", "DANE-TA", "DANE-EE"};
constexpr std::array<const char*, 2> selector_names = {"Cert", "SPKI"};
constexpr std::array<const char*, 3> matching_type_names = {"Full", "SHA2-256", "SHA2-512"};

template <std::size_t n>
const char* name_of(const std::array<const char*, n>& names, int value) {
  return value >= 0 && static_cast<std::size_t>(value) < n ? names[static_cast<std::size_t>(value)] : "?";
}

std::string matched(const std::string& selected, int matching_type) {
  if (matching_type == 0) return selected;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned octets = 0;
  const EVP_MD* const algorithm = matching_type == 1 ? EVP_sha256() : EVP_sha512();
  if (EVP_Digest(selected.data(), selected.size(), digest.data(), &octets, algorithm, nullptr) != 1)
    throw std::bad_alloc();
  return {reinterpret_cast<const char*>(digest.data()), octets};
}

std::string selected(const X509& certificate, int selector) {
  return selector == 0 ? der_of(certificate) : public_key_of(certificate);
}

bool is_ca(const X509& certificate) {
  return X509_check_ca(const_cast<X509*>(&certificate)) != 0;  // which fills a cache in it
}

Failure cannot(const Credential& credential, const Parameters& parameters, const char* why) {
  return usage(fmt::format("{}: no record {} can be made: {}", printable(credential.source),
                           to_text(parameters), why));
}

TlsaRecord record_of_key(const Credential& credential, const Parameters& parameters) {
  if (parameters.selector == 0)
    throw cannot(
        credential, parameters,
        "selector 0 is about the whole certificate, and there is a key only; give the certificate, or "
        "take selector 1");
  return {parameters, matched(credential.public_key, parameters.matching_type)};
}

void add(Associations& all, const X509& certificate, int usage) {
  for (const int selector : {0, 1}) {
    const std::string data = selected(certificate, selector);
    for (const int matching_type : {0, 1, 2})
      all[{usage, selector, matching_type}].push_back(matched(data, matching_type));
  }
}

}  // namespace

std::string to_text(const Parameters& parameters) {
  return fmt::format("{} {} {}", parameters.usage, parameters.selector, parameters.matching_type);
}

std::string to_text(const std::vector<Parameters>& list) {
  std::string text;
  for (const Parameters& parameters : list) text += (text.empty() ? "" : ", ") + to_text(parameters);
  return text;
}

std::string acronyms(const Parameters& parameters) {
  return fmt::format("{} {} {}", name_of(usage_names, parameters.usage),
                     name_of(selector_names, parameters.selector),
                     name_of(matching_type_names, parameters.matching_type));
}

Parameters parse_parameters(const std::vector<std::string>& words, const char* option) {
  if (words.size() != 3)
    throw usage(
        fmt::format("{}: three numbers are needed: usage, selector, matching type, as in 3 1 1", option));
  return {parse_number<int>(words[0], option, "a certificate usage: 0, 1, 2 or 3", 3),
          parse_number<int>(words[1], option, "a selector: 0 (Cert) or 1 (SPKI)", 1),
          parse_number<int>(words[2], option, "a matching type: 0 (Full), 1 (SHA2-256) or 2 (SHA2-512)", 2)};
}

std::string hex_of(std::string_view octets) {
  std::string text;
  text.reserve(octets.size() * 2);
  for (const char octet : octets) text += fmt::format("{:02x}", static_cast<unsigned char>(octet));
  return text;
}

std::string to_text(const TlsaRecord& record) {
  return fmt::format("{} {}", to_text(record.parameters), hex_of(record.data));
}

std::string to_generic(const TlsaRecord& record) {
  const Parameters& parameters = record.parameters;
  return fmt::format("\\# {} {:02x}{:02x}{:02x}{}", record.data.size() + 3, parameters.usage,
                     parameters.selector, parameters.matching_type, hex_of(record.data));
}

std::optional<TlsaRecord> record_of_rdata(std::string_view rdata) {
  if (rdata.size() < 3) return std::nullopt;
  const auto octet = [&](std::size_t i) { return static_cast<int>(static_cast<unsigned char>(rdata[i])); };
  return TlsaRecord{{octet(0), octet(1), octet(2)}, std::string(rdata.substr(3))};
}

bool is_usable(const TlsaRecord& record) {
  const Parameters& parameters = record.parameters;
  if (parameters.usage > 3 || parameters.selector > 1) return false;
  switch (parameters.matching_type) {
    case 0:
      return !record.data.empty();
    case 1:
      return record.data.size() == 32;
    case 2:
      return record.data.size() == 64;
    default:
      return false;
  }
}

const X509* anchor_of(const Credential& credential) {
  if (credential.certificates.empty()) return nullptr;
  const X509& topmost = *credential.certificates.back();
  return credential.certificates.size() > 1 || is_ca(topmost) ? &topmost : nullptr;
}

TlsaRecord make_record(const Credential& credential, const Parameters& parameters) {
  if (credential.certificates.empty()) return record_of_key(credential, parameters);
  const X509* const certificate =
      parameters.is_about_ca() ? anchor_of(credential) : credential.certificates.front().get();
  if (certificate == nullptr)
    throw cannot(
        credential, parameters,
        "usages 0 and 2 are about the CA, and there is the server's certificate only; give the whole "
        "chain, leaf first, or the CA's certificate");
  return {parameters, matched(selected(*certificate, parameters.selector), parameters.matching_type)};
}

Associations associations_of(const Credential& credential) {
  Associations all;
  if (credential.certificates.empty()) {
    for (const int usage : {1, 3})
      for (const int matching_type : {0, 1, 2})
        all[{usage, 1, matching_type}].push_back(matched(credential.public_key, matching_type));
    return all;
  }
  for (const int usage : {1, 3}) add(all, *credential.certificates.front(), usage);
  for (std::size_t i = 1; i < credential.certificates.size(); ++i)
    for (const int usage : {0, 2}) add(all, *credential.certificates[i], usage);
  return all;
}

bool matches(const Associations& chain, const TlsaRecord& record) {
  const auto found = chain.find(record.parameters);
  if (found == chain.end()) return false;
  return std::find(found->second.begin(), found->second.end(), record.data) != found->second.end();
}

}  // namespace danelaw::cli
