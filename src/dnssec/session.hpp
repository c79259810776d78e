// All that one judgement works with, together. Inside only.
#pragma once

#include "dnssec/bag.hpp"
#include "dnssec/denials.hpp"
#include "dnssec/known.hpp"
#include "dnssec/signatures.hpp"
#include "dnssec/work.hpp"
#include "dnssec/zones.hpp"

namespace danelaw::dnssec {

struct Session {
  Session(std::span<const ResourceRecord> records, const TrustAnchors& trust_anchors, EpochSeconds now,
          Sha1Signatures sha1, const Limits& limits, const Known* known_before, Journal* journal = nullptr)
      : bag(records),
        anchors(trust_anchors),
        known(known_before),
        work(limits),
        signatures(now, sha1, known, work, journal),
        zones(bag, anchors, known, signatures, work),
        hashes(work, signatures.hashers()) {}

  [[nodiscard]] EpochSeconds now() const { return signatures.now(); }

  Bag bag;
  const TrustAnchors& anchors;
  const Known* known;  // or null
  Work work;
  Signatures signatures;
  Zones zones;
  Nsec3Hashes hashes;
};

/// The whole of a judgement.
[[nodiscard]] Verdict verdict_of(Session& session, const Question& question);

/// The name and type as lines for people have them; types in the form of RFC 3597.
[[nodiscard]] std::string shown(const DnsName& name, RrType type);

}  // namespace danelaw::dnssec
