// NSEC and NSEC3 RDATA (RFC 4034 section 4, RFC 5155 section 3) and NSEC3's hash (RFC 5155 section 5). Read here, judged
// elsewhere.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/dns_name.hpp"
#include "base/result.hpp"
#include "dnssec/digest.hpp"
#include "dnssec/type_bitmap.hpp"

namespace danelaw::dnssec {

struct Nsec {
  DnsName next;
  TypeBitmap types;

  static Result<Nsec> from_rdata(Bytes rdata);
};

enum class OptOut { No, Yes };

struct Nsec3 {
  static constexpr std::uint8_t sha1 = 1;  ///< the one hash algorithm there is

  std::uint8_t hash_algorithm = 0;
  std::uint8_t flags = 0;
  std::uint16_t iterations = 0;
  Buffer salt;
  Buffer next_hashed;
  TypeBitmap types;

  static Result<Nsec3> from_rdata(Bytes rdata);

  /// RFC 5155 sections 8.1 and 8.2: records with another hash algorithm or with unknown flags are as if not there.
  [[nodiscard]] bool is_understood() const;
  [[nodiscard]] OptOut opt_out() const { return (flags & 1U) != 0 ? OptOut::Yes : OptOut::No; }
};

/// RFC 5155 section 5: the salted hash of the name, hashed again `iterations` times. Nothing where this OpenSSL has no SHA-1.
[[nodiscard]] std::optional<Buffer> nsec3_hash(Hasher& sha1, const DnsName& name, std::uint16_t iterations,
                                               Bytes salt);
[[nodiscard]] std::optional<Buffer> nsec3_hash(const DnsName& name, std::uint16_t iterations, Bytes salt);

}  // namespace danelaw::dnssec
