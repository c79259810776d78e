// What one judgement may cost at most, whatever it is given: a named limit on everything that an attacker can multiply
// (CVE-2023-50387, CVE-2023-50868). Past a limit the judgement is bogus, with that reason.
//
// An ordinary answer takes 6 checks, two more per zone on the way; a denial by NSEC3 three more.
#pragma once

#include <cstddef>
#include <cstdint>

namespace danelaw::dnssec {

struct Limits {
  std::size_t records = 2048;        ///< of class IN, without duplicates
  std::size_t denial_records = 128;  ///< NSEC and NSEC3 together, without duplicates
  std::size_t zone_keys = 64;        ///< DNSKEY records of one zone
  std::size_t ds_records = 32;       ///< of one zone; anchors are configured, and not counted
  std::size_t keys_per_tag = 4;      ///< keys of one tag and algorithm that are tried for one signature
  std::size_t signature_work = 96;   ///< in units of one check with P-256, see verification_cost()
  std::size_t failed_checks = 16;    ///< signatures that a key of the right tag did not verify
  std::size_t zones = 32;            ///< secure zones entered, over all alias hops
  std::size_t alias_hops = 16;       ///< CNAME and DNAME
  std::size_t names = 256;  ///< between a zone and a question, whose existence is looked into, over all hops
  std::size_t nsec3_hashes = 48;         ///< names hashed, each with all its iterations
  std::uint16_t nsec3_iterations = 100;  ///< R9276-3a: above it a proof makes insecure
};

}  // namespace danelaw::dnssec
