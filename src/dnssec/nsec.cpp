#include "dnssec/nsec.hpp"

namespace danelaw::dnssec {

namespace {

constexpr std::size_t sha1_octets = 20;

Problem malformed(const char* what) { return Problem{Fault::Lookup, what}; }

/// An octet that says how many follow, and those.
std::optional<Bytes> take_counted(ByteReader& reader) {
  const auto length = reader.take_u8();
  if (!length) return std::nullopt;
  return reader.take(*length);
}

}  // namespace

Result<Nsec> Nsec::from_rdata(Bytes rdata) {
  ByteReader reader(rdata);
  // RFC 4034 section 4.1: next domain name, never compressed, and type bit maps.
  auto next = DnsName::from_wire(reader);
  if (!next) return next.problem();
  auto types = TypeBitmap::from_wire(reader.take_rest());
  if (!types) return types.problem();
  return Nsec{std::move(*next), std::move(*types)};
}

Result<Nsec3> Nsec3::from_rdata(Bytes rdata) {
  ByteReader reader(rdata);
  // RFC 5155 section 3.2: hash algorithm, flags, iterations, salt, next hashed owner name, type bit maps.
  const auto hash_algorithm = reader.take_u8();
  const auto flags = reader.take_u8();
  const auto iterations = reader.take_u16();
  const auto salt = take_counted(reader);
  const auto next = take_counted(reader);
  if (!hash_algorithm || !flags || !iterations || !salt || !next || next->empty())
    return malformed("an NSEC3 record that ends in its fixed fields");
  auto types = TypeBitmap::from_wire(reader.take_rest());
  if (!types) return types.problem();
  return Nsec3{*hash_algorithm, *flags, *iterations, to_buffer(*salt), to_buffer(*next), std::move(*types)};
}

bool Nsec3::is_understood() const {
  return hash_algorithm == sha1 && (flags & ~1U) == 0 && next_hashed.size() == sha1_octets;
}

std::optional<Buffer> nsec3_hash(const DnsName& name, std::uint16_t iterations, Bytes salt) {
  Hasher sha1(Hash::Sha1);
  return nsec3_hash(sha1, name, iterations, salt);
}

std::optional<Buffer> nsec3_hash(Hasher& sha1, const DnsName& name, std::uint16_t iterations, Bytes salt) {
  auto hash = sha1.digest({name.wire(), salt});
  for (std::size_t done = 0; hash && done < iterations; ++done) hash = sha1.digest({*hash, salt});
  return hash;
}

}  // namespace danelaw::dnssec
