// DNS messages from a resolver or from whoever stands in its way.
#include <algorithm>

#include "dnssec/message.hpp"
#include "fuzz_assert.hpp"

using danelaw::Buffer;
using danelaw::ByteReader;
using danelaw::Bytes;
using danelaw::DnsName;
using danelaw::RrType;
using namespace danelaw::dnssec;

namespace {

void put_u16(Buffer& wire, std::size_t value) {
  wire.push_back(static_cast<std::uint8_t>(value >> 8));
  wire.push_back(static_cast<std::uint8_t>(value));
}

void put_u32(Buffer& wire, std::uint32_t value) {
  put_u16(wire, value >> 16);
  put_u16(wire, value & 0xFFFF);
}

void put(Buffer& wire, Bytes octets) { wire.insert(wire.end(), octets.begin(), octets.end()); }

void put_section(Buffer& wire, const std::vector<ResourceRecord>& section) {
  for (const ResourceRecord& record : section) {
    put(wire, record.owner.wire());
    put_u16(wire, static_cast<std::uint16_t>(record.type));
    put_u16(wire, record.dns_class);
    put_u32(wire, record.ttl);
    put_u16(wire, record.rdata.size());
    put(wire, record.rdata);
  }
}

/// The message written out again without compression.
Buffer written(const Message& message) {
  Buffer wire;
  put_u16(wire, message.id());
  put_u16(wire, message.flags());
  put_u16(wire, message.question() ? 1 : 0);
  put_u16(wire, message.answer().size());
  put_u16(wire, message.authority().size());
  put_u16(wire, message.additional().size());
  if (message.question()) {
    put(wire, message.question()->name.wire());
    put_u16(wire, static_cast<std::uint16_t>(message.question()->type));
    put_u16(wire, message.question()->dns_class);
  }
  put_section(wire, message.answer());
  put_section(wire, message.authority());
  put_section(wire, message.additional());
  return wire;
}

void check_name(const DnsName& name) {
  ByteReader reader(name.wire());
  const auto again = DnsName::from_wire(reader);
  FUZZ_ASSERT(again.ok() && *again == name && reader.remaining() == 0);
}

void check_rrsig(Bytes rdata) {
  const auto rrsig = Rrsig::from_rdata(rdata);
  if (!rrsig) return;
  Buffer wire;
  put_u16(wire, static_cast<std::uint16_t>(rrsig->type_covered));
  wire.push_back(rrsig->algorithm);
  wire.push_back(rrsig->labels);
  put_u32(wire, rrsig->original_ttl);
  put_u32(wire, rrsig->expiration);
  put_u32(wire, rrsig->inception);
  put_u16(wire, rrsig->key_tag);
  FUZZ_ASSERT(danelaw::equal(wire, rdata.first(18)));
  check_name(rrsig->signer);
  FUZZ_ASSERT(18 + rrsig->signer.wire().size() + rrsig->signature.size() == rdata.size());
  FUZZ_ASSERT(danelaw::equal(rrsig->signature, rdata.last(rrsig->signature.size())));
}

void check_section(const std::vector<ResourceRecord>& section) {
  for (const ResourceRecord& record : section) {
    check_name(record.owner);
    FUZZ_ASSERT(record.type == RrType::Opt || record.ttl <= 0x7FFFFFFF);
    FUZZ_ASSERT(record.rdata.size() <= 65535);
    check_rrsig(record.rdata);
  }
}

bool same(const Message& a, const Message& b) {
  return a.id() == b.id() && a.flags() == b.flags() && a.rcode() == b.rcode() &&
         a.question() == b.question() && a.answer() == b.answer() && a.authority() == b.authority() &&
         a.additional() == b.additional();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = Message::from_wire({data, size});
  if (!message) {
    FUZZ_ASSERT(message.problem().fault == danelaw::Fault::Lookup);
    return 0;
  }
  FUZZ_ASSERT((message->rcode() & 0x0F) == (message->flags() & 0x0F));
  FUZZ_ASSERT(message->answer().size() + message->authority().size() + message->additional().size() <=
              Message::max_records);
  if (message->question()) check_name(message->question()->name);
  check_section(message->answer());
  check_section(message->authority());
  check_section(message->additional());

  const Buffer wire = written(*message);
  const auto again = Message::from_wire(wire);
  FUZZ_ASSERT(again.ok() == (wire.size() <= Message::max_octets));
  if (again) FUZZ_ASSERT(same(*message, *again));

  // All of it is read: one octet less or one more is another message, or none.
  FUZZ_ASSERT(!Message::from_wire({data, size - 1}).ok());
  Buffer longer(data, data + size);
  longer.push_back(0);
  FUZZ_ASSERT(!Message::from_wire(longer).ok());
  return 0;
}
