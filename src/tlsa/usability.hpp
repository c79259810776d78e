// Which records can be acted on (RFC 6698 section 4.1, RFC 7671 section 9), and why the others cannot.
//
// RecordSet keeps every record that DNS delivered, so that each can be explained; only those that are usable
// and survived digest agility can be turned into a UsableRecord, and only a UsableRecord can be matched.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "tlsa/record.hpp"

namespace danelaw::tlsa {

/// What became of one record of the set.
enum class Standing {
  Usable,
  Malformed,            ///< fewer than three octets: no record at all
  UnknownUsage,         ///< not 0 to 3
  UnknownSelector,      ///< not 0 or 1
  UnknownMatchingType,  ///< not 0 to 2
  UsageNotAllowed,      ///< known, but the profile does not use it (RFC 7672 section 3.1.3)
  DigestLength,         ///< the data is not as long as the digest
  EmptyData,            ///< Full without data
  NoCertificate,        ///< selector Cert, Full, and the data is no DER certificate
  NoPublicKey,          ///< selector SPKI, Full, and the data is no DER SubjectPublicKeyInfo
  WeakerDigest,  ///< usable, but a stronger digest exists for its usage and selector (RFC 7671 section 9)
};
[[nodiscard]] std::string_view to_string(Standing standing);  ///< stable word: "usable", "digest-length" …
[[nodiscard]] std::string_view explanation_of(Standing standing);  ///< for people

/// Which certificate usages count.
enum class Usages {
  All,
  DaneOnly,  ///< 2 and 3: RFC 7672 section 3.1
};

/// A record whose usage, selector, matching type and data we can act on, that survived digest agility. Only
/// RecordSet makes them; they refer to the set they came from and must not outlive it.
class UsableRecord final {
 public:
  [[nodiscard]] Usage usage() const { return static_cast<Usage>(m_record->usage()); }
  [[nodiscard]] Selector selector() const { return static_cast<Selector>(m_record->selector()); }
  [[nodiscard]] MatchingType matching_type() const {
    return static_cast<MatchingType>(m_record->matching_type());
  }
  [[nodiscard]] Bytes association_data() const { return m_record->association_data(); }
  [[nodiscard]] std::size_t index() const { return m_index; }  ///< its place in the set's entries()

 private:
  friend class RecordSet;
  UsableRecord(const Record& record, std::size_t index) : m_record(&record), m_index(index) {}
  const Record* m_record;
  std::size_t m_index;
};

class RecordSet final {
 public:
  struct Entry {
    Buffer rdata;                  ///< as it came
    std::optional<Record> record;  ///< nothing where it is malformed
    Standing standing = Standing::Malformed;
  };

  RecordSet() = default;

  /// One bad record is kept with its reason and costs the others nothing. Duplicates are kept once (RFC 2181
  /// section 5). Order does not matter to any decision; entries() keeps it for people.
  static RecordSet from_rdatas(std::span<const Buffer> rdatas, Usages usages);
  static RecordSet from_records(std::span<const Record> records, Usages usages);

  [[nodiscard]] const std::vector<Entry>& entries() const { return m_entries; }
  [[nodiscard]] std::vector<UsableRecord> usable() const;
  [[nodiscard]] bool any_usable() const;
  [[nodiscard]] bool any_usable(Usage usage) const;

  /// The RDATA of all entries in an order that is the same for equal sets. They must not outlive the set.
  [[nodiscard]] std::vector<Bytes> sorted_rdatas() const;

 private:
  std::vector<Entry> m_entries;
};

}  // namespace danelaw::tlsa
