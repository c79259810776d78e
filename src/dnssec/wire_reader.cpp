#include "dnssec/wire_reader.hpp"

namespace danelaw::dnssec {

namespace {

constexpr std::uint8_t kind_mask = 0xC0;
constexpr std::uint8_t pointer_kind = 0xC0;

}  // namespace

std::optional<WireReader> WireReader::take_part(std::size_t n) {
  const auto part = m_reader.take(n);
  if (!part) return std::nullopt;
  return WireReader(m_message, position(), *part);
}

std::optional<DnsName> WireReader::take_name() {
  Buffer wire;  // the name without compression, collected from its pieces
  std::size_t piece_begin = position();
  ByteReader elsewhere{Bytes{}};  // past the first pointer the name goes on there
  ByteReader* reader = &m_reader;
  std::size_t hops = 0;
  while (true) {
    const auto length = reader->take_u8();
    if (!length) return std::nullopt;
    if ((*length & kind_mask) == pointer_kind) {
      // RFC 1035 section 4.1.4: fourteen bits of offset from the beginning of the message.
      const auto low = reader->take_u8();
      if (!low) return std::nullopt;
      const std::size_t target = static_cast<std::size_t>(*length & ~kind_mask) << 8 | *low;
      if (target < header_octets || target >= piece_begin || ++hops > max_pointer_hops) return std::nullopt;
      if (target >= m_message.size()) return std::nullopt;
      piece_begin = target;
      elsewhere = ByteReader(m_message.subspan(target));
      reader = &elsewhere;
      continue;
    }
    if ((*length & kind_mask) != 0) return std::nullopt;
    const auto label = reader->take(*length);
    if (!label || wire.size() + 1 + label->size() > DnsName::max_wire_octets) return std::nullopt;
    wire.push_back(*length);
    wire.insert(wire.end(), label->begin(), label->end());
    if (*length == 0) break;
  }
  ByteReader whole{wire};
  auto name = DnsName::from_wire(whole);
  if (!name) return std::nullopt;
  return std::move(*name);
}

}  // namespace danelaw::dnssec
