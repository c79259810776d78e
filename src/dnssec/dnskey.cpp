#include "dnssec/dnskey.hpp"

#include "dnssec/algorithms.hpp"
#include "dnssec/digest.hpp"

namespace danelaw::dnssec {

namespace {

constexpr std::uint16_t zone_key_flag = 0x0100;
constexpr std::uint16_t revoke_flag = 0x0080;
constexpr std::uint8_t dnssec_protocol = 3;

}  // namespace

std::uint16_t key_tag(Bytes dnskey_rdata) {
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < dnskey_rdata.size(); ++at)
    sum += at % 2 == 0 ? static_cast<std::uint32_t>(dnskey_rdata[at] << 8) : dnskey_rdata[at];
  return static_cast<std::uint16_t>(sum + (sum >> 16));
}

Result<Dnskey> Dnskey::from_rdata(Bytes rdata) {
  ByteReader reader(rdata);
  // RFC 4034 section 2.1: flags, protocol, algorithm, public key.
  const auto flags = reader.take_u16();
  const auto protocol = reader.take_u8();
  const auto algorithm = reader.take_u8();
  if (!flags || !protocol || !algorithm || reader.remaining() == 0)
    return Problem{Fault::Lookup, "a DNSKEY record that ends before its key"};
  return Dnskey{*flags,           *protocol,     *algorithm, to_buffer(reader.take_rest()),
                to_buffer(rdata), key_tag(rdata)};
}

bool Dnskey::may_sign_zone() const {
  return (flags & zone_key_flag) != 0 && (flags & revoke_flag) == 0 && protocol == dnssec_protocol;
}

Result<Ds> Ds::from_rdata(Bytes rdata) {
  ByteReader reader(rdata);
  // RFC 4034 section 5.1: key tag, algorithm, digest type, digest.
  const auto key_tag = reader.take_u16();
  const auto algorithm = reader.take_u8();
  const auto digest_type = reader.take_u8();
  if (!key_tag || !algorithm || !digest_type || reader.remaining() == 0)
    return Problem{Fault::Lookup, "a DS record that ends before its digest"};
  return Ds{*key_tag, *algorithm, *digest_type, to_buffer(reader.take_rest())};
}

bool Ds::matches(const DnsName& owner, const Dnskey& key) const {
  Hashers hashers;
  return matches(hashers, owner, key);
}

bool Ds::matches(Hashers& hashers, const DnsName& owner, const Dnskey& key) const {
  const auto hash = supported_digest(digest_type);
  if (!hash || key.tag != key_tag || key.algorithm != algorithm) return false;
  const auto got = hashers.of(*hash).digest({owner.wire(), key.rdata});
  return got && *got == digest;
}

}  // namespace danelaw::dnssec
