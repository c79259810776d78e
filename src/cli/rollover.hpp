// When to publish what, so that a server can change its certificate, its key, its CA, or the kinds of its records, and at no moment
// a client is locked out (RFC 7671 section 8).
//
// The rule of section 8.4: whatever set of records a cache may still hold, for each kind of record (usage, selector,
// matching type) in it one must match what the server shows. Clients differ in what they support, so no kind may count on another.
// Pure: no clock, no DNS.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "tlsa_record.hpp"

namespace danelaw::cli {

struct Rollover {
  std::vector<TlsaRecord> published;                                        ///< in DNS now; none: nothing is
  std::int64_t published_since = std::numeric_limits<std::int64_t>::min();  ///< the same, on all name servers
  Associations current;  ///< what the server shows now, and what it shall show
  Associations next;
  std::vector<Parameters> wanted;  ///< the kinds of records afterwards, each of which `next` has
  std::int64_t start = 0;          ///< seconds since 1970
  std::int64_t longest_ttl = 0;    ///< of the records that are there, and of those to come
  std::int64_t propagation = 0;    ///< seconds until all name servers have a change
};

enum class StepKind {
  Publish,  ///< from here on `records` stand in DNS, and no others
  Switch,   ///< every server shows `next`
  Retire,   ///< no cache can hold a record of `current` any more
};

/// "publish", "switch", "retire"
[[nodiscard]] const char* to_string(StepKind kind);

struct Step {
  StepKind kind = StepKind::Publish;
  std::int64_t wait =
      0;  ///< seconds at least after the step before; after a Switch, once all servers are through
  std::int64_t earliest = 0;  ///< seconds since 1970, if each step before was made as early as it could be
  std::vector<TlsaRecord> records;
};

/// RFC 7671 section 8.1: two TTLs, beginning when the last name server has the change.
[[nodiscard]] std::int64_t wait_for_caches(const Rollover& rollover);

[[nodiscard]] std::vector<Step> plan_rollover(const Rollover& rollover);

/// The kinds of records, each once, in their order.
[[nodiscard]] std::vector<Parameters> kinds_of(const std::vector<TlsaRecord>& records);

/// Those of which no record matches the chain: a client that supports no other kind would refuse it.
[[nodiscard]] std::vector<Parameters> unmatched_kinds(const std::vector<TlsaRecord>& records,
                                                      const Associations& chain);

/// Each kind has a record that matches both chains: any cache that let clients in to one lets them in to the other.
[[nodiscard]] bool cannot_tell_apart(const std::vector<TlsaRecord>& records, const Associations& one,
                                     const Associations& other);

/// When no cache can hold what stood there before `published_since`; the beginning of time where that is long ago.
[[nodiscard]] std::int64_t caches_are_clean_at(std::int64_t published_since, std::int64_t wait);

/// The record of a chain; it must have one.
[[nodiscard]] TlsaRecord record_of(const Associations& chain, const Parameters& parameters);

}  // namespace danelaw::cli
