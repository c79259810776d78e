// What a bag of records says about a question. Only SecureRrset holds records: what is not secure must not be used, so it
// cannot be had from here.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/dns_name.hpp"
#include "base/rr_type.hpp"
#include "base/time.hpp"

namespace danelaw::dnssec {

struct Question {
  DnsName name;
  RrType type = RrType::Tlsa;
  friend auto operator<=>(const Question&, const Question&) = default;
};

/// Why something is bogus. The first block is about the question and the configuration, the last about limits.
enum class BogusReason {
  NotJudged,
  NoTrustAnchor,        ///< none was given at all
  TrustAnchorUnusable,  ///< those of the zone are malformed, or of no algorithm that we know
  SignatureMissing,     ///< in a zone that is signed
  WrongSigner,          ///< signed, but not by the zone that contains the RRset
  SignatureNotYetValid,
  SignatureExpired,
  SignatureMalformed,    ///< labels, validity period or length that no signature of the zone can have
  NoKeyForSignature,     ///< the zone has no such key, or it must not be used
  UnsupportedAlgorithm,  ///< signed by algorithms that we do not know, in a zone that has one that we know
  SignatureInvalid,      ///< a key of the right tag does not verify it
  MalformedRecord,       ///< DS or DNSKEY records that cannot be read
  KeyNotLinked,          ///< no key of the zone is the one that its DS records or anchors name
  WildcardUnproven,      ///< no proof that the name itself does not exist
  AliasTooLong,          ///< a DNAME makes a name that is too long (RFC 6672 section 2.2)
  AliasMalformed,
  TooManyRecords,
  TooManyDenialRecords,
  TooManyKeys,
  TooManyDsRecords,
  TooManyKeysPerTag,
  TooMuchSignatureWork,
  TooManyFailedChecks,
  TooManyZones,
  TooManyAliases,
  TooManyNames,
  TooManyNsec3Hashes,
};
[[nodiscard]] std::string_view to_string(BogusReason reason);

struct Bogus {
  BogusReason reason = BogusReason::NotJudged;
  std::string text = "not judged";  ///< one line for people; never to be parsed
};

/// A validated RRset. `owner` is the name at the end of the alias chain that began at the question's name.
struct SecureRrset {
  DnsName owner;
  RrType type{};
  std::vector<Buffer> rdatas;    ///< in canonical order, without duplicates
  std::uint32_t ttl = 0;         ///< not above the original TTL, nor beyond the signature's end
  std::vector<DnsName> aliases;  ///< names that were left by a CNAME or DNAME, the question's first
  EpochSeconds expires = 0;      ///< when a TTL of the answer, or a signature on the way to it, ends
};

enum class DenialKind {
  NameError,  ///< the name does not exist
  NoData,     ///< it exists, or a wildcard or an empty non-terminal stands for it, without that type
};
[[nodiscard]] std::string_view to_string(DenialKind kind);

struct SecureDenial {
  DenialKind kind = DenialKind::NoData;
  DnsName owner;                 ///< the name at the end of the alias chain
  std::vector<DnsName> aliases;  ///< as above
  EpochSeconds expires = 0;
};

enum class InsecureReason {
  NoAnchorAbove,          ///< anchors are given, and none covers the name (RFC 4033 section 5)
  UnsignedDelegation,     ///< a zone cut that is proven to have no DS
  OptOut,                 ///< in a span that may hold unsigned delegations (RFC 5155 section 6)
  UnsupportedAlgorithms,  ///< DS records of unknown algorithms or digest types only
  Nsec3Iterations,        ///< the proof takes more iterations than our limit (RFC 9276 section 3.2)
};
[[nodiscard]] std::string_view to_string(InsecureReason reason);

/// Provably not provable: from `cut` downwards nothing is signed, or may be unsigned (OptOut), or, with Nsec3Iterations, the
/// zone `cut` proves no absence that we follow, while what it signed stays secure.
struct Insecure {
  static constexpr EpochSeconds never = std::numeric_limits<EpochSeconds>::max();

  InsecureReason reason = InsecureReason::NoAnchorAbove;
  DnsName cut;                   ///< the zone cut, or the topmost name that is known to be insecure
  DnsName owner;                 ///< the name at the end of the alias chain
  std::vector<DnsName> aliases;  ///< as above
  EpochSeconds expires = 0;      ///< `never` where no record says so
  /// Nsec3Iterations: questions whose answers could prove more, whatever the bag claims; the topmost DS first. See stands_alone().
  std::vector<Question> unless = {};
};

/// More records are needed. Who has asked all of it and got nothing has no proof: that is a failure, not absence.
struct Missing {
  std::vector<Question> needed;  ///< no judgement without these
  std::vector<Question> cuts;    ///< DS questions: these say why `needed` is not to be had, where it is not
};

/// Default-constructed it is a failure.
using Verdict = std::variant<Bogus, SecureRrset, SecureDenial, Insecure, Missing>;

/// False for Nsec3Iterations: which name such a record denies nobody computes, so the records alone do not show that nothing better was
/// left out. That takes somebody who asked DNS for all of Insecure::unless and was answered.
[[nodiscard]] bool stands_alone(const Verdict& verdict);

}  // namespace danelaw::dnssec
