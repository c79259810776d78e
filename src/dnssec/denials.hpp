// What the NSEC and NSEC3 records of one secure zone prove about one name (RFC 4035 section 5.4, RFC 5155 section 8, RFC
// 6840 section 4). Each answer stands on records whose signatures verified; they are only looked at where they would say
// something about the name, so that what does not matter costs nothing.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <optional>

#include "dnssec/bag.hpp"
#include "dnssec/signatures.hpp"
#include "dnssec/work.hpp"

namespace danelaw::dnssec {

/// The types that exist at a name.
struct Matched {
  TypeBitmap types;
  EpochSeconds expires = 0;
};
/// A name, and with it all below it, is not there.
struct Absence {
  OptOut opt_out = OptOut::No;
  EpochSeconds expires = 0;
};
using TypesWanted = std::function<bool(const TypeBitmap&)>;

/// Hashes of names, each made once.
class Nsec3Hashes final {
 public:
  Nsec3Hashes(Work& work, Hashers& hashers) : m_work(work), m_hashers(hashers) {}
  /// Null past the limit.
  const Buffer* of(const DnsName& name, const Nsec3& parameters);

 private:
  struct Hash {
    std::uint16_t iterations;
    Buffer salt;
    Buffer octets;
  };
  Work& m_work;
  Hashers& m_hashers;
  std::map<DnsName, std::list<Hash>> m_hashes;  // a list, because pointers into it are given out
};

class Denials final {
 public:
  Denials(const Bag& bag, ZoneKeys& zone, Signatures& signatures, Nsec3Hashes& hashes, const Limits& limits);

  /// A record for the name itself whose types are wanted.
  std::optional<Matched> matched(const DnsName& name, const TypesWanted& wanted);

  /// NSEC only, where the next name lies below (an NSEC3 stands for itself).
  std::optional<EpochSeconds> empty_non_terminal(const DnsName& name);

  /// The name does not exist and its parent does: NSEC, or NSEC3 with the parent's own record, which must be neither a
  /// delegation nor a DNAME. The name lies below the zone's apex.
  std::optional<Absence> absent(const DnsName& name);

  /// The name is covered; with NSEC3 nothing is said about its parent. Enough beside a wildcard that exists.
  std::optional<Absence> covered(const DnsName& name);

  /// Some record, its signature not verified, says that the name exists and is no zone cut.
  bool claimed(const DnsName& name);

  /// R9276-3a: a signed NSEC3 with more iterations than our limit, whose hash nobody computes.
  std::optional<EpochSeconds> beyond_iterations();

 private:
  enum class Parent { Any, Proven };
  /// A record that no longer counts once its signature did not verify.
  template <class Record>
  struct Candidate {
    const Record* record;
    bool refused = false;
  };
  template <class Record>
  std::optional<EpochSeconds> valid(Candidate<Record>& candidate, const DnsName& about, Denies what);
  bool covers(const NsecRecord& record, const DnsName& name, const std::string& key) const;
  bool covers(const Nsec3Record& record, const DnsName& name);
  bool matches(const Nsec3Record& record, const DnsName& name);
  std::optional<Absence> covered_by_nsec(const DnsName& name);
  std::optional<Absence> covered_by_nsec3(const DnsName& name, Parent parent);
  std::optional<Matched> matched_by_nsec3(const DnsName& name, const TypesWanted& wanted, const Nsec3* like);

  ZoneKeys& m_zone;
  Signatures& m_signatures;
  Nsec3Hashes& m_hashes;
  std::vector<Candidate<NsecRecord>> m_nsecs;
  std::vector<Candidate<Nsec3Record>> m_nsec3s;
  std::vector<Candidate<Nsec3Record>> m_beyond;
};

}  // namespace danelaw::dnssec
