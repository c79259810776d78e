// CERT RDATA (RFC 4398 section 2): what kind of certificate it is, and where in the octets it stands. Nothing is fetched, and the
// certificate itself is not read here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "cursor.hpp"

namespace danelaw::cli {

/// The certificate types with a meaning (section 2.1); all other numbers are reserved, unassigned or experimental.
enum class CertType : std::uint16_t {
  Pkix = 1,
  Spki = 2,
  Pgp = 3,
  Ipkix = 4,
  Ispki = 5,
  Ipgp = 6,
  Acpkix = 7,
  Iacpkix = 8,
  Uri = 253,
  Oid = 254,
};

/// PKIX, Acpkix and Oid: octets that an object identifier describes. PKIX without one is often published.
struct CertWithOid {
  std::string oid;  ///< DER contents, "" where there is none
  std::string content;
};
/// Uri: octets in a private format that a URI describes.
struct CertWithUri {
  std::string uri;
  std::string content;
};
/// Ipkix, Ispki, Iacpkix, Ipgp: the certificate stands elsewhere. The fingerprint is IPGP's; one of the two is not empty.
struct CertElsewhere {
  std::string uri;
  std::string fingerprint;
};
/// All the others.
struct CertOctets {
  std::string content;
};
/// The octets are not what their type demands.
struct CertMalformed {
  std::string why;
};

struct CertRecord {
  std::uint16_t type = 0;
  std::uint16_t key_tag = 0;
  std::uint8_t algorithm = 0;
  std::variant<CertMalformed, CertWithOid, CertWithUri, CertElsewhere, CertOctets> body;
};

/// Nothing where there are fewer than the five octets that come before the certificate.
[[nodiscard]] std::optional<CertRecord> cert_of_rdata(Octets rdata);

/// "PKIX", "unassigned 9", "reserved 0", "experimental 65280"
[[nodiscard]] std::string cert_type_name(std::uint16_t type);
/// The mnemonics of DNSSEC algorithms; "0, unknown to DNSSEC" (section 2).
[[nodiscard]] std::string cert_algorithm_name(std::uint8_t algorithm);

/// The identifiers of section 2.3: "userCertificate", "cACertificate", "authorityRevocationList", "certificateRevocationList";
/// of any other the hexadecimal octets.
[[nodiscard]] std::string cert_oid_name(std::string_view oid);

}  // namespace danelaw::cli
