#include "dnssec/message.hpp"

#include <string>
#include <string_view>

#include "dnssec/rdata.hpp"
#include "dnssec/wire_reader.hpp"

namespace danelaw::dnssec {

namespace {

Problem malformed(std::string_view what) {
  return Problem{Fault::Lookup, "malformed DNS message: " + std::string(what)};
}

std::optional<MessageQuestion> take_question(WireReader& reader) {
  // RFC 1035 section 4.1.2.
  auto name = reader.take_name();
  if (!name) return std::nullopt;
  const auto type = reader.take_u16();
  const auto dns_class = reader.take_u16();
  if (!type || !dns_class) return std::nullopt;
  return MessageQuestion{std::move(*name), static_cast<RrType>(*type), *dns_class};
}

std::optional<ResourceRecord> take_record(WireReader& reader) {
  // RFC 1035 section 4.1.3: NAME, TYPE, CLASS, TTL, RDLENGTH, RDATA.
  auto owner = reader.take_name();
  if (!owner) return std::nullopt;
  const auto type = reader.take_u16();
  const auto dns_class = reader.take_u16();
  const auto ttl = reader.take_u32();
  const auto length = reader.take_u16();
  if (!type || !dns_class || !ttl || !length) return std::nullopt;
  const auto part = reader.take_part(*length);
  if (!part) return std::nullopt;
  auto rdata = take_canonical_rdata(*part, static_cast<RrType>(*type));
  if (!rdata) return std::nullopt;
  ResourceRecord record{std::move(*owner), static_cast<RrType>(*type), *dns_class, *ttl, std::move(*rdata)};
  // RFC 2181 section 8: a TTL with the most significant bit set counts as zero. An OPT's field is no TTL.
  if (record.type != RrType::Opt && (record.ttl & 0x80000000U) != 0) record.ttl = 0;
  return record;
}

bool take_records(WireReader& reader, std::size_t count, std::vector<ResourceRecord>& section) {
  for (std::size_t done = 0; done < count; ++done) {
    auto record = take_record(reader);
    if (!record) return false;
    section.push_back(std::move(*record));
  }
  return true;
}

/// RFC 6891 section 6.1.3: the first octet of OPT's TTL field is the upper part of the rcode. Nothing where
/// there is more than one OPT (section 6.1.1).
std::optional<std::uint16_t> whole_rcode(std::uint16_t flags, const std::vector<ResourceRecord>& additional) {
  std::uint32_t rcode = flags & 0x000FU;
  bool seen = false;
  for (const ResourceRecord& record : additional) {
    if (record.type != RrType::Opt) continue;
    if (seen) return std::nullopt;
    seen = true;
    rcode |= record.ttl >> 24 << 4;
  }
  return static_cast<std::uint16_t>(rcode);
}

}  // namespace

Result<Message> Message::from_wire(Bytes octets) {
  if (octets.size() > max_octets) return malformed("longer than 65535 octets");
  WireReader reader(octets);
  // RFC 1035 section 4.1.1: id, flags and four counts of two octets each.
  const auto id = reader.take_u16();
  const auto flags = reader.take_u16();
  const auto questions = reader.take_u16();
  const auto answers = reader.take_u16();
  const auto authorities = reader.take_u16();
  const auto additionals = reader.take_u16();
  if (!id || !flags || !questions || !answers || !authorities || !additionals)
    return malformed("it ends in the header");
  if (*questions > max_questions) return malformed("more than one question");
  if (std::size_t{*answers} + *authorities + *additionals > max_records)
    return malformed("more than 4096 records");

  Message message;
  message.m_id = *id;
  message.m_flags = *flags;
  if (*questions == 1) {
    message.m_question = take_question(reader);
    if (!message.m_question) return malformed("its question cannot be read");
  }
  if (!take_records(reader, *answers, message.m_answer)) return malformed("an answer record cannot be read");
  if (!take_records(reader, *authorities, message.m_authority))
    return malformed("an authority record cannot be read");
  if (!take_records(reader, *additionals, message.m_additional))
    return malformed("an additional record cannot be read");
  if (reader.remaining() != 0) return malformed("octets follow its last record");
  const auto rcode = whole_rcode(*flags, message.m_additional);
  if (!rcode) return malformed("more than one OPT record");
  message.m_rcode = *rcode;
  return message;
}

Result<Rrsig> Rrsig::from_rdata(Bytes rdata) {
  ByteReader reader(rdata);
  // RFC 4034 section 3.1: type covered, algorithm, labels, original TTL, expiration, inception, key tag,
  // signer's name, signature.
  const auto type_covered = reader.take_u16();
  const auto algorithm = reader.take_u8();
  const auto labels = reader.take_u8();
  const auto original_ttl = reader.take_u32();
  const auto expiration = reader.take_u32();
  const auto inception = reader.take_u32();
  const auto key_tag = reader.take_u16();
  if (!type_covered || !algorithm || !labels || !original_ttl || !expiration || !inception || !key_tag) {
    return malformed("an RRSIG ends in its fixed fields");
  }
  auto signer = DnsName::from_wire(reader);
  if (!signer) return malformed("the signer's name of an RRSIG: " + signer.problem().text);
  return Rrsig{static_cast<RrType>(*type_covered),
               *algorithm,
               *labels,
               *original_ttl,
               *expiration,
               *inception,
               *key_tag,
               std::move(*signer),
               to_buffer(reader.take_rest())};
}

}  // namespace danelaw::dnssec
