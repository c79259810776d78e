// DNSSEC keys for tests, made in memory, and signatures with them, valid or wrong on purpose.
#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "dnssec/algorithms.hpp"
#include "dnssec/message.hpp"

namespace lab {

using danelaw::Buffer;
using danelaw::Bytes;
using danelaw::DnsName;
using danelaw::EpochSeconds;
using danelaw::RrType;
using danelaw::dnssec::Algorithm;
using danelaw::dnssec::ResourceRecord;

inline constexpr EpochSeconds now = 1'800'000'000;  ///< the time of all tests that do not say otherwise
inline constexpr std::uint32_t default_ttl = 3600;
inline constexpr std::uint16_t zone_key = 256;
inline constexpr std::uint16_t entry_point = 257;
inline constexpr std::uint16_t revoked = 128;

DnsName name(std::string_view text);
ResourceRecord record(const DnsName& owner, RrType type, Buffer rdata, std::uint32_t ttl = default_ttl);
void put_u16(Buffer& out, std::size_t value);
void put_u32(Buffer& out, std::uint32_t value);
void put(Buffer& out, Bytes octets);

class SigningKey final {
 public:
  /// Random.
  static SigningKey make(Algorithm algorithm, std::uint16_t flags = zone_key);
  /// Ed25519, the same for the same seed.
  static SigningKey seeded(std::uint8_t seed, std::uint16_t flags = zone_key);

  [[nodiscard]] const Buffer& dnskey() const { return m_dnskey; }
  [[nodiscard]] std::uint16_t tag() const;
  [[nodiscard]] std::uint8_t algorithm() const { return m_dnskey[3]; }

  /// The same key with other flags, or what claims to be of another algorithm.
  [[nodiscard]] SigningKey with_flags(std::uint16_t flags) const;
  [[nodiscard]] SigningKey claiming(std::uint8_t algorithm) const;

  /// As the algorithm's RFC writes signatures.
  [[nodiscard]] Buffer sign(Bytes data) const;

  [[nodiscard]] Buffer ds(const DnsName& owner, std::uint8_t digest_type = 2) const;

 private:
  std::shared_ptr<EVP_PKEY> m_key;
  Algorithm m_algorithm{};
  Buffer m_dnskey;
};

struct Signing {
  EpochSeconds inception = now - 86400;
  EpochSeconds expiration = now + 86400;
  int labels = -1;  ///< -1: the owner's
  std::uint32_t original_ttl = default_ttl;
};

/// An RRSIG over the records, which are one RRset. With other labels than the owner's it is what a wildcard's would be.
ResourceRecord rrsig(const std::vector<ResourceRecord>& rrset, const SigningKey& key, const DnsName& signer,
                     const Signing& signing = {});

}  // namespace lab
