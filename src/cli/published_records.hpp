// What DNS says of a service's TLSA records, with the TTL and the signatures that a rollover has to reckon with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "answer_report.hpp"
#include "options.hpp"
#include "tlsa_record.hpp"
#include "tlsa_service.hpp"

namespace danelaw::cli {

/// Mail servers have no use for usages 0 and 1 (RFC 7672 section 3.1.3).
enum class Clients { Any, MailServers };

struct Published {
  AnswerReport answer;
  std::vector<TlsaRecord> records;   ///< validated, and such that clients act on them
  std::vector<TlsaRecord> unusable;  ///< the others
  std::uint32_t ttl = 0;             ///< the zone's own, from the signature
  std::int64_t signed_until = 0;     ///< seconds since 1970; 0: not signed
};

/// Asks once. Throws a Failure where DNS cannot be asked; that there is no answer is a report.
[[nodiscard]] Published look_up_records(const std::string& owner, const DnsOptions& dns, Clients clients);

/// The name whose records clients go by: that of the service, or the one that it is an alias of where there are validated records.
/// There the search ends, usable or not (RFC 7671 section 7). Asks DNS. Throws a Failure where that cannot be said.
[[nodiscard]] std::string deciding_name(const TlsaService& service, const DnsOptions& dns, Clients clients);

}  // namespace danelaw::cli
