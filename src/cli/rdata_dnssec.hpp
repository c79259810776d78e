// DS and DNSKEY RDATA (RFC 4034 sections 2 and 5): what stands there.
#pragma once

#include <optional>

#include "cursor.hpp"

namespace danelaw::cli {

struct DsRdata {
  std::uint16_t key_tag = 0;
  std::uint8_t algorithm = 0;
  std::uint8_t digest_type = 0;
  std::string digest;  ///< octets

  /// Nothing where the digest type is none that we know.
  [[nodiscard]] std::optional<std::size_t> wanted_octets() const;
};

struct DnskeyRdata {
  std::uint16_t flags = 0;
  std::uint8_t protocol = 0;
  std::uint8_t algorithm = 0;
  std::string key;            ///< octets
  std::uint16_t key_tag = 0;  ///< RFC 4034 appendix B

  /// Bits of the modulus or of the curve; nothing where the key is none of its algorithm's, or the algorithm unknown.
  [[nodiscard]] std::optional<std::size_t> bits() const;
};

/// Nothing where the octets end before the digest or the key.
[[nodiscard]] std::optional<DsRdata> ds_of_rdata(Octets rdata);
[[nodiscard]] std::optional<DnskeyRdata> dnskey_of_rdata(Octets rdata);

}  // namespace danelaw::cli
