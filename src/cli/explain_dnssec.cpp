// DS and DNSKEY in words (RFC 4034, RFC 5011, RFC 9904, RFC 9905).
#include <fmt/format.h>

#include "dnssec_numbers.hpp"
#include "explanation.hpp"
#include "rdata_dnssec.hpp"
#include "tlsa_record.hpp"

namespace danelaw::cli {
namespace {

constexpr std::uint16_t zone_key = 0x100;
constexpr std::uint16_t revoke = 0x80;
constexpr std::uint16_t secure_entry_point = 1;
constexpr std::uint8_t dnssec_protocol = 3;

void put_problem(Explanation& explanation, const std::string& problem) {
  explanation.object["problem"] = problem;
  explanation.lines.push_back("malformed: " + problem);
}

/// What IANA's registry says of signing (RFC 9904); "" where nothing speaks against it.
const char* advice_on_algorithm(std::uint8_t algorithm) {
  switch (algorithm) {
    case 1:
    case 3:
    case 6:
    case 12:
      return "must not be used to sign (RFC 9904)";
    case 5:
    case 7:
      return "must not be used to sign (RFC 9905)";
    case 10:
      return "not recommended to sign with (RFC 9904)";
    case 8:
    case 13:
    case 14:
    case 15:
    case 16:
      return "";
    default:
      return "unknown to us: a zone with no other algorithm counts as unsigned";
  }
}

/// What IANA's registry says of delegations (RFC 9904).
const char* advice_on_digest(std::uint8_t digest_type) {
  switch (digest_type) {
    case 1:
      return "must not be used for delegations (RFC 9905), and does not count beside a "
             "stronger one";
    case 2:
    case 4:
      return "strong";
    case 3:
      return "must not be used (RFC 9904); unknown to us";
    default:
      return "unknown to us: it leads to no key";
  }
}

std::string with_advice(const std::string& text, const char* advice) {
  return *advice == '\0' ? text : fmt::format("{}: {}", text, advice);
}

}  // namespace

Explanation explain_ds(Octets rdata) {
  const auto ds = ds_of_rdata(rdata);
  if (!ds) return malformed("DS", "it ends before its digest (RFC 4034 section 5.1)");
  Explanation explanation;
  explanation.object = {{"type", "DS"},
                        {"key_tag", ds->key_tag},
                        {"algorithm", ds->algorithm},
                        {"algorithm_name", algorithm_mnemonic(ds->algorithm)},
                        {"digest_type", ds->digest_type},
                        {"digest_name", digest_mnemonic(ds->digest_type)},
                        {"digest", hex_of(ds->digest)}};
  explanation.lines = {
      fmt::format("names the key {} of the child zone", ds->key_tag),
      with_advice("algorithm " + algorithm_text(ds->algorithm), advice_on_algorithm(ds->algorithm)),
      with_advice("digest type " + digest_text(ds->digest_type), advice_on_digest(ds->digest_type))};
  const auto wanted = ds->wanted_octets();
  if (wanted && *wanted != ds->digest.size())
    put_problem(explanation,
                fmt::format("a digest of {} octets, and this type has {}", ds->digest.size(), *wanted));
  return explanation;
}

Explanation explain_dnskey(Octets rdata) {
  const auto key = dnskey_of_rdata(rdata);
  if (!key) return malformed("DNSKEY", "it ends before its key (RFC 4034 section 2.1)");
  Explanation explanation;
  const bool is_revoked = (key->flags & revoke) != 0;
  const bool may_sign = (key->flags & zone_key) != 0 && !is_revoked && key->protocol == dnssec_protocol;
  const auto bits = key->bits();
  explanation.object = {{"type", "DNSKEY"},
                        {"key_tag", key->key_tag},
                        {"flags", key->flags},
                        {"zone_key", (key->flags & zone_key) != 0},
                        {"sep", (key->flags & secure_entry_point) != 0},
                        {"revoked", is_revoked},
                        {"protocol", key->protocol},
                        {"algorithm", key->algorithm},
                        {"algorithm_name", algorithm_mnemonic(key->algorithm)},
                        {"bits", bits ? Json(*bits) : Json()},
                        {"may_sign", may_sign}};
  explanation.lines = {fmt::format("key {}, flags {}", key->key_tag, dnskey_flags_text(key->flags)),
                       with_advice("algorithm " + algorithm_text(key->algorithm) +
                                       (bits ? fmt::format(", {} bits", *bits) : ""),
                                   advice_on_algorithm(key->algorithm))};
  if (!may_sign)
    explanation.lines.emplace_back(
        is_revoked ? "revoked: it signs nothing but its own revocation (RFC 5011 section 2.1)"
                   : "it may not sign the zone (RFC 4034 section 2.1)");
  if (!bits && *advice_on_algorithm(key->algorithm) == '\0')
    put_problem(explanation, "the key is none of its algorithm's");
  return explanation;
}

}  // namespace danelaw::cli
