#include "dnssec_numbers.hpp"

#include <fmt/format.h>

namespace danelaw::cli {

const char* algorithm_mnemonic(std::int64_t algorithm) {
  switch (algorithm) {
    case 1:
      return "RSAMD5";
    case 2:
      return "DH";
    case 3:
      return "DSA";
    case 5:
      return "RSASHA1";
    case 6:
      return "DSA-NSEC3-SHA1";
    case 7:
      return "RSASHA1-NSEC3-SHA1";
    case 8:
      return "RSASHA256";
    case 10:
      return "RSASHA512";
    case 12:
      return "ECC-GOST";
    case 13:
      return "ECDSAP256SHA256";
    case 14:
      return "ECDSAP384SHA384";
    case 15:
      return "ED25519";
    case 16:
      return "ED448";
    case 252:
      return "INDIRECT";
    case 253:
      return "PRIVATEDNS";
    case 254:
      return "PRIVATEOID";
    default:
      return "";
  }
}

const char* digest_mnemonic(std::int64_t digest_type) {
  switch (digest_type) {
    case 1:
      return "SHA-1";
    case 2:
      return "SHA-256";
    case 3:
      return "GOST R 34.11-94";
    case 4:
      return "SHA-384";
    default:
      return "";
  }
}

std::string algorithm_text(std::int64_t algorithm) {
  const std::string mnemonic = algorithm_mnemonic(algorithm);
  return mnemonic.empty() ? fmt::format("{}", algorithm) : fmt::format("{} {}", algorithm, mnemonic);
}

std::string digest_text(std::int64_t digest_type) {
  const std::string mnemonic = digest_mnemonic(digest_type);
  return mnemonic.empty() ? fmt::format("{}", digest_type) : fmt::format("{} {}", digest_type, mnemonic);
}

std::string dnskey_flags_text(std::int64_t flags) {
  constexpr std::int64_t zone_key = 0x100;
  constexpr std::int64_t revoke = 0x80;
  constexpr std::int64_t secure_entry_point = 1;
  std::string text = fmt::format("{}: {}", flags, (flags & zone_key) != 0 ? "zone key" : "no zone key");
  if ((flags & secure_entry_point) != 0) text += ", SEP";
  if ((flags & revoke) != 0) text += ", revoked";
  if ((flags & ~(zone_key | revoke | secure_entry_point)) != 0) text += ", reserved bits";
  return text;
}

}  // namespace danelaw::cli
