#include "rdata_cert.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dnssec_numbers.hpp"
#include "tlsa_record.hpp"

namespace danelaw::cli {
namespace {

using Body = decltype(CertRecord::body);

constexpr std::uint8_t der_sequence = 0x30;

/// Section 2.1: an octet with the length of an object identifier, the identifier, and what it describes.
Body with_oid(Octets data) {
  Cursor cursor(data);
  const std::optional<std::uint32_t> length = cursor.number(1);
  if (!length) return CertMalformed{"there is no certificate"};
  const std::optional<Octets> oid = cursor.take(*length);
  if (*length == 0 || !oid) return CertMalformed{"the object identifier does not fit"};
  return CertWithOid{string_of(*oid), string_of(cursor.take_rest())};
}

/// An identifier of 48 octets is none of X.500's: what begins as DER does is the certificate itself.
Body pkix(Octets data) {
  if (!data.empty() && data.front() == der_sequence) return CertWithOid{"", string_of(data)};
  return with_oid(data);
}

/// Section 2.1: the URI ends with a null octet.
Body with_uri(Octets data) {
  const auto end = std::ranges::find(data, 0);
  if (end == data.end()) return CertMalformed{"no null octet ends the URI"};
  if (end == data.begin()) return CertMalformed{"the URI is empty"};
  return CertWithUri{std::string(data.begin(), end), std::string(end + 1, data.end())};
}

Body elsewhere(Octets data) {
  if (data.empty()) return CertMalformed{"there is no URI"};
  return CertElsewhere{string_of(data), ""};
}

/// Section 2.1: an octet with the length of the fingerprint, the fingerprint, the URI; not both may be empty.
Body ipgp(Octets data) {
  Cursor cursor(data);
  const std::optional<std::uint32_t> length = cursor.number(1);
  const std::optional<Octets> fingerprint = length ? cursor.take(*length) : std::nullopt;
  if (!fingerprint) return CertMalformed{"the fingerprint does not fit"};
  CertElsewhere found{"", string_of(*fingerprint)};
  found.uri = string_of(cursor.take_rest());
  if (found.uri.empty() && found.fingerprint.empty())
    return CertMalformed{"there is neither fingerprint nor URI"};
  return found;
}

Body body_of(std::uint16_t type, Octets data) {
  switch (static_cast<CertType>(type)) {
    case CertType::Pkix:
      return pkix(data);
    case CertType::Acpkix:
    case CertType::Oid:
      return with_oid(data);
    case CertType::Ipkix:
    case CertType::Ispki:
    case CertType::Iacpkix:
      return elsewhere(data);
    case CertType::Ipgp:
      return ipgp(data);
    case CertType::Uri:
      return with_uri(data);
    case CertType::Spki:
    case CertType::Pgp:
      break;
  }
  return CertOctets{string_of(data)};
}

}  // namespace

std::optional<CertRecord> cert_of_rdata(Octets rdata) {
  Cursor cursor(rdata);
  const std::optional<std::uint32_t> type = cursor.number(2);
  const std::optional<std::uint32_t> key_tag = cursor.number(2);
  const std::optional<std::uint32_t> algorithm = cursor.number(1);
  if (!type || !key_tag || !algorithm) return std::nullopt;
  CertRecord record;
  record.type = static_cast<std::uint16_t>(*type);
  record.key_tag = static_cast<std::uint16_t>(*key_tag);
  record.algorithm = static_cast<std::uint8_t>(*algorithm);
  record.body = body_of(record.type, cursor.take_rest());
  return record;
}

std::string cert_type_name(std::uint16_t type) {
  switch (static_cast<CertType>(type)) {
    case CertType::Pkix:
      return "PKIX";
    case CertType::Spki:
      return "SPKI";
    case CertType::Pgp:
      return "PGP";
    case CertType::Ipkix:
      return "IPKIX";
    case CertType::Ispki:
      return "ISPKI";
    case CertType::Ipgp:
      return "IPGP";
    case CertType::Acpkix:
      return "ACPKIX";
    case CertType::Iacpkix:
      return "IACPKIX";
    case CertType::Uri:
      return "URI";
    case CertType::Oid:
      return "OID";
  }
  if (type == 0 || type == 255 || type == 65535) return fmt::format("reserved {}", type);
  return fmt::format("{} {}", type >= 65280 ? "experimental" : "unassigned", type);
}

std::string cert_algorithm_name(std::uint8_t algorithm) {
  if (algorithm == 0) return "0, unknown to DNSSEC";
  const std::string mnemonic = algorithm_mnemonic(algorithm);
  return fmt::format("{}{}{}", algorithm, mnemonic.empty() ? "" : ", ", mnemonic);
}

std::string cert_oid_name(std::string_view oid) {
  if (oid == "\x55\x04\x24") return "userCertificate";
  if (oid == "\x55\x04\x25") return "cACertificate";
  if (oid == "\x55\x04\x26") return "authorityRevocationList";
  if (oid == "\x55\x04\x27") return "certificateRevocationList";
  return hex_of(oid);
}

}  // namespace danelaw::cli
