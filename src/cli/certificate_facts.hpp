// A certificate in a few words, for people. Nothing is verified.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace danelaw::cli {

struct CertificateFacts {
  std::string subject;  ///< RFC 4514, in ASCII
  std::string issuer;
  std::string not_before;  ///< "2026-12-02T00:00:00Z"; "" where the certificate has no time that can be read
  std::string not_after;
  std::string sha256;  ///< hexadecimal, of the whole certificate
};

/// Nothing where the octets are not one certificate in DER, and nothing besides.
[[nodiscard]] std::optional<CertificateFacts> certificate_facts(std::string_view der);

}  // namespace danelaw::cli
