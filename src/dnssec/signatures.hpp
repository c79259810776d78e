// Is this RRset signed by this zone (RFC 4035 section 5.3)? Signatures are tried in a fixed order, each with the zone's
// keys of its tag and algorithm, until one verifies; one is enough (RFC 6840 section 5.11).
#pragma once

#include <map>
#include <span>
#include <utility>
#include <variant>

#include "dnssec/algorithms.hpp"
#include "dnssec/bag.hpp"
#include "dnssec/digest.hpp"
#include "dnssec/journal.hpp"
#include "dnssec/known.hpp"
#include "dnssec/work.hpp"

namespace danelaw::dnssec {

/// A signature that verified.
struct Signed {
  std::size_t labels = 0;         ///< of the name that was signed (RFC 4034 section 3.1.3)
  std::uint32_t ttl = 0;          ///< RFC 4035 section 5.3.3: not above original TTL, RRSIG's TTL, time left
  EpochSeconds signed_until = 0;  ///< its expiration

  /// The RRset's own name was signed, and no wildcard that stands for it.
  [[nodiscard]] bool covers_itself(const DnsName& owner) const;
};
using SignatureVerdict = std::variant<BogusReason, Signed>;

class Signatures final {
 public:
  /// `known` may be null, and so may `journal`.
  Signatures(EpochSeconds now, Sha1Signatures sha1, const Known* known, Work& work, Journal* journal)
      : m_now(now), m_sha1(sha1), m_known(known), m_work(work), m_journal(journal) {}

  /// With all the keys of the zone. The same question twice costs nothing.
  const SignatureVerdict& check(const Rrset& rrset, ZoneKeys& zone);

  /// With these keys of the zone only.
  SignatureVerdict check_with(const Rrset& rrset, const DnsName& zone, std::span<ZoneKey> keys);

  using Verdicts = std::map<std::pair<const Rrset*, DnsName>, SignatureVerdict>;
  /// By RRset and zone what check() was asked.
  [[nodiscard]] const Verdicts& checked() const { return m_checked; }

  [[nodiscard]] Hashers& hashers() { return m_hashers; }
  [[nodiscard]] EpochSeconds now() const { return m_now; }
  [[nodiscard]] Sha1Signatures sha1() const { return m_sha1; }

  /// Adds to the journal, where there is one.
  template <class Entry>
  void note(const auto&... members) {
    if (m_journal != nullptr) m_journal->push_back(Entry{members...});
  }

  /// Signatures that verified here.
  [[nodiscard]] std::set<CheckDigest>& verified() { return m_verified; }

 private:
  SignatureVerdict try_signature(const Rrset& rrset, const Signature& signature, std::span<ZoneKey> keys);
  bool verifies(const Signature& signature, Bytes data, Algorithm algorithm, ZoneKey& key);

  EpochSeconds m_now;
  Sha1Signatures m_sha1;
  const Known* m_known;
  Work& m_work;
  Journal* m_journal;
  Hashers m_hashers;
  std::set<CheckDigest> m_verified;
  Verdicts m_checked;
};

}  // namespace danelaw::dnssec
