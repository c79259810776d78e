// An AuthenticationChain (RFC 9102 section 2.3): records and their signatures, one after the other in uncompressed wire form (RFC
// 1035 section 3.2.1), in no particular order. A TLS server hands one on; a proof in a file is one.
//
// Read strictly and completely or not at all. Nothing is judged here, and records that belong to no question are no fault.
// Refused: compressed names, records that run over the end, any class but IN, more than the limits below.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "dnssec/message.hpp"

namespace danelaw::dnssec {

inline constexpr std::size_t max_chain_octets = 65535;  ///< RFC 9102 section 2.3: opaque <1..2^16-1>
inline constexpr std::size_t max_chain_records = Message::max_records;

/// The records as Message reads them. Fault::Lookup where the octets are no chain; no octets at all are none.
[[nodiscard]] Result<std::vector<ResourceRecord>> read_chain(Bytes octets);

/// Each RRset with its signatures behind it, the way from the answer up to the root; without duplicates. The same records give
/// the same octets in whatever order they come. Fault::Lookup where there are none, one is not of class IN, or a limit is passed.
[[nodiscard]] Result<Buffer> write_chain(std::span<const ResourceRecord> records);

/// `extension_data` of the server's dnssec_chain extension: ExtSupportLifetime, then the chain with its length in front (RFC 9102
/// section 2.3, as RFC 8446 section 3.4 writes such a vector). The examples of RFC 9102 appendix A go without that length, so both
/// are read: what is read the wrong way is believed no more than any record that nobody signed.
struct DnssecChainExtension {
  std::uint16_t support_lifetime = 0;  ///< hours; 0 means that nothing is promised
  std::vector<ResourceRecord> records;

  static Result<DnssecChainExtension> from_wire(Bytes extension_data);
  [[nodiscard]] Result<Buffer> to_wire() const;
};

}  // namespace danelaw::dnssec
