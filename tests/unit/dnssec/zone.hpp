// Zones for tests: signed with NSEC or NSEC3, and what an authoritative server of them would reply.
#pragma once

#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "dnssec/judgement.hpp"
#include "signing_key.hpp"

namespace lab {

using danelaw::dnssec::Question;
using Records = std::vector<ResourceRecord>;

enum class Chain { Nsec, Nsec3, OptOut, Unsigned };

void append(Records& records, const Records& more);
Buffer name_rdata(std::string_view text);
Buffer types_bitmap(const std::set<RrType>& types);
Buffer nsec_rdata(const DnsName& next, const std::set<RrType>& types);
Buffer nsec3_rdata(std::uint8_t flags, std::uint16_t iterations, const Buffer& salt, const Buffer& next_hash,
                   const std::set<RrType>& types);

class Zone final {
 public:
  /// Its keys are Ed25519 ones made from the name, the same each time, until others are set.
  Zone(std::string_view apex, Chain chain);

  Zone& add(std::string_view owner, RrType type, Buffer rdata);
  Zone& delegate(std::string_view child, const std::vector<Buffer>& ds = {});
  Zone& keys(const SigningKey& ksk, const SigningKey& zsk);
  Zone& iterations(std::uint16_t count);
  Zone& times(const Signing& signing);

  /// After the last change.
  void sign();

  [[nodiscard]] const DnsName& apex() const { return m_apex; }
  [[nodiscard]] Chain chain() const { return m_chain; }
  [[nodiscard]] std::uint16_t iterations_made() const { return m_iterations; }
  [[nodiscard]] const Signing& signing() const { return m_signing; }
  [[nodiscard]] const SigningKey& ksk() const { return m_ksk; }
  [[nodiscard]] const SigningKey& zsk() const { return m_zsk; }
  [[nodiscard]] Buffer ds(std::uint8_t digest_type = 2) const { return m_ksk.ds(m_apex, digest_type); }

  /// The records of a reply, one alias at most. The question must be this zone's to answer.
  [[nodiscard]] Records reply(const Question& question) const;

  /// An RRset with its signatures; empty where there is none.
  [[nodiscard]] Records find(const DnsName& owner, RrType type) const;
  /// An NSEC or NSEC3 record with its signature: of the name itself, or the one that covers it.
  [[nodiscard]] Records matching(const DnsName& owner) const;
  [[nodiscard]] Records covering(const DnsName& owner) const;
  /// Closest encloser and next closer name (RFC 5155 section 7.2.1), or the one NSEC.
  [[nodiscard]] Records encloser_proof(const DnsName& owner) const;

  /// All there is, chain and signatures included.
  [[nodiscard]] Records everything() const;

  [[nodiscard]] bool exists(const DnsName& owner) const;
  [[nodiscard]] std::set<RrType> types_at(const DnsName& owner) const;
  [[nodiscard]] DnsName closest_encloser(const DnsName& owner) const;

  /// The hashed owner name.
  [[nodiscard]] DnsName hashed(const DnsName& owner) const;

 private:
  using Key = std::pair<DnsName, RrType>;
  [[nodiscard]] bool is_cut(const DnsName& owner) const;
  [[nodiscard]] std::vector<DnsName> chain_names() const;
  void make_nsecs();
  void make_nsec3s();
  [[nodiscard]] Records denial(const DnsName& owner) const;
  [[nodiscard]] Records expanded(const DnsName& wildcard, RrType type, const DnsName& owner) const;
  [[nodiscard]] Records aliased(const DnsName& owner) const;
  void put_signed(Records rrset);

  DnsName m_apex;
  Chain m_chain;
  SigningKey m_ksk;
  SigningKey m_zsk;
  std::uint16_t m_iterations = 3;
  Buffer m_salt{0xAB, 0xCD};
  Signing m_signing;
  std::map<Key, std::vector<Buffer>> m_data;
  std::map<Key, Records> m_signed;         ///< with RRSIGs
  std::map<std::string, Records> m_order;  ///< the chain's records by canonical key or by hash
};

}  // namespace lab
