// What a server shows of itself: its certificates, leaf first, or no more than its public key. Read from PEM or DER of
// certificates, requests (RFC 2986) and keys.
//
// OpenSSL reads the octets; here is decided what a file may hold. One that is damaged, encrypted, or holds more than can be meant
// is refused, not guessed at: a wrong TLSA record locks clients out.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "handles.hpp"

namespace danelaw::cli {

using Certificate = std::unique_ptr<X509, Free<X509_free>>;

constexpr std::size_t max_credential_octets = 1U << 20U;
constexpr std::size_t max_certificates = 64;

enum class CredentialKind { Certificates, Request, PublicKey, PrivateKey };

/// "certificate", "request", "public key", "private key"
[[nodiscard]] const char* to_string(CredentialKind kind);

struct Credential {
  std::string source;  ///< for people: a file's name, a server's address
  CredentialKind kind = CredentialKind::Certificates;
  std::vector<Certificate> certificates;  ///< leaf first; of one kind only
  std::string public_key;                 ///< DER SubjectPublicKeyInfo (RFC 5280 section 4.1), the leaf's
  std::string subject;                    ///< RFC 4514, of the leaf or the request; else ""
};

/// "-" is standard input. Throws a Failure with Exit::Usage: one line that names the file.
[[nodiscard]] Credential read_credential(const std::string& path);

/// The same of octets that are there. `source` begins what is said of them.
[[nodiscard]] Credential credential_of(std::string_view octets, const std::string& source);

/// Of what a server sent, which is not empty.
[[nodiscard]] Credential credential_of(std::vector<Certificate> certificates, const std::string& source);

/// DER of the whole certificate, and of its SubjectPublicKeyInfo as it stands there.
[[nodiscard]] std::string der_of(const X509& certificate);
[[nodiscard]] std::string public_key_of(const X509& certificate);

/// RFC 4514, in ASCII, cut where it is long.
[[nodiscard]] std::string subject_of(const X509& certificate);
[[nodiscard]] std::string issuer_of(const X509& certificate);

}  // namespace danelaw::cli
