// The records that a judgement is made from: in any order, with duplicates, with what does not belong to it. Sorted once,
// so that no permutation of them can change a judgement.
//
// It judges nothing. Views go into the records that it was made from: those must outlive it.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "dnssec/message.hpp"
#include "dnssec/nsec.hpp"

namespace danelaw::dnssec {

/// An RRSIG beside what it covers.
struct Signature {
  Rrsig rrsig;
  std::uint32_t ttl = 0;
  Bytes rdata;
};

/// RFC 2181 section 5: the records of one owner and type; with the signatures that are there for them, if any.
struct Rrset {
  DnsName owner;
  RrType type{};
  std::uint32_t ttl = 0;      ///< the smallest
  std::vector<Bytes> rdatas;  ///< in canonical order, without duplicates (RFC 4034 section 6.3)
  std::span<const Signature> signatures;
};

struct NsecRecord {
  const Rrset* rrset = nullptr;
  Nsec nsec;
  std::string owner_key;  ///< canonical_key()
  std::string next_key;
};

struct Nsec3Record {
  const Rrset* rrset = nullptr;
  Nsec3 nsec3;
  Buffer owner_hash;  ///< the leftmost label; the zone is what follows
  DnsName zone;
};

class Bag final {
 public:
  explicit Bag(std::span<const ResourceRecord> records);
  Bag(const Bag&) = delete;
  Bag& operator=(const Bag&) = delete;

  /// Of class IN, without duplicates.
  [[nodiscard]] std::size_t size() const { return m_size; }

  /// The RRset; where by definition one record is the whole of it (CNAME, DNAME, NSEC, NSEC3), one RRset for each record,
  /// because answers of different times may each have brought theirs.
  [[nodiscard]] std::span<const Rrset> find(const DnsName& owner, RrType type) const;

  /// Those that can be read and understood.
  [[nodiscard]] const std::vector<NsecRecord>& nsecs() const { return m_nsecs; }
  [[nodiscard]] const std::vector<Nsec3Record>& nsec3s() const { return m_nsec3s; }

 private:
  using Key = std::pair<DnsName, RrType>;
  void add(const ResourceRecord& record);
  void read_denials();

  std::size_t m_size = 0;
  std::map<Key, std::vector<Signature>> m_signatures;
  std::map<Key, std::vector<Rrset>> m_rrsets;
  std::vector<NsecRecord> m_nsecs;
  std::vector<Nsec3Record> m_nsec3s;
};

}  // namespace danelaw::dnssec
