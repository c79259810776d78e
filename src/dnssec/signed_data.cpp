#include "dnssec/signed_data.hpp"

#include "dnssec/names.hpp"

namespace danelaw::dnssec {

namespace {

void put_u16(Buffer& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8 & 0xFFU));
  out.push_back(static_cast<std::uint8_t>(value & 0xFFU));
}

void put_u32(Buffer& out, std::uint32_t value) {
  put_u16(out, value >> 16);
  put_u16(out, value & 0xFFFFU);
}

void put(Buffer& out, Bytes octets) { out.insert(out.end(), octets.begin(), octets.end()); }

/// RFC 4035 section 5.3.2: where the labels are fewer than the owner's, `*.` and the rightmost ones.
Buffer signed_owner(const DnsName& owner, std::size_t labels) {
  if (labels == signed_label_count(owner)) return to_buffer(owner.wire());
  Buffer wire{1, '*'};
  put(wire, owner.ancestor(labels).wire());
  return wire;
}

/// RFC 1982: from `a` to `b` by the shorter way; negative where b lies before a.
std::int32_t serial_difference(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(b - a); }

}  // namespace

Buffer signed_data(const Rrset& rrset, const Rrsig& rrsig) {
  constexpr std::size_t fixed_octets = 18;  // of the RRSIG, and 10 of each record
  std::size_t octets = fixed_octets + rrsig.signer.wire().size();
  for (const Bytes rdata : rrset.rdatas) octets += rrset.owner.wire().size() + 10 + rdata.size();
  Buffer data;
  data.reserve(octets);
  put_u16(data, static_cast<std::size_t>(rrsig.type_covered));
  data.push_back(rrsig.algorithm);
  data.push_back(rrsig.labels);
  put_u32(data, rrsig.original_ttl);
  put_u32(data, rrsig.expiration);
  put_u32(data, rrsig.inception);
  put_u16(data, rrsig.key_tag);
  put(data, rrsig.signer.wire());
  const Buffer owner = signed_owner(rrset.owner, rrsig.labels);
  for (const Bytes rdata : rrset.rdatas) {
    put(data, owner);
    put_u16(data, static_cast<std::size_t>(rrset.type));
    put_u16(data, class_in);
    put_u32(data, rrsig.original_ttl);
    put_u16(data, rdata.size());
    put(data, rdata);
  }
  return data;
}

std::optional<BogusReason> fault_of(const Rrset& rrset, const Rrsig& rrsig, EpochSeconds now) {
  // A wildcard lies in the zone that signs it, so at least the zone's own labels are signed.
  const bool labels_fit =
      rrsig.labels <= signed_label_count(rrset.owner) && rrsig.labels >= signed_label_count(rrsig.signer);
  if (!labels_fit) return BogusReason::SignatureMalformed;
  // RFC 4034 section 3.1.5: serial arithmetic; the bounds are included.
  const auto serial_now = static_cast<std::uint32_t>(now);
  if (serial_difference(rrsig.inception, rrsig.expiration) < 0) return BogusReason::SignatureMalformed;
  if (serial_difference(rrsig.inception, serial_now) < 0) return BogusReason::SignatureNotYetValid;
  if (serial_difference(serial_now, rrsig.expiration) < 0) return BogusReason::SignatureExpired;
  return std::nullopt;
}

EpochSeconds nearest(std::uint32_t field, EpochSeconds now) {
  return now + serial_difference(static_cast<std::uint32_t>(now), field);
}

EpochSeconds end_of(const Rrsig& rrsig, EpochSeconds now) { return nearest(rrsig.expiration, now); }

}  // namespace danelaw::dnssec
