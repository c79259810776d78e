#include "dnssec/type_bitmap.hpp"

namespace danelaw::dnssec {

namespace {

constexpr std::size_t max_block_octets = 32;

struct Block {
  std::uint8_t window;
  Bytes bits;
};

std::optional<Block> take_block(ByteReader& reader) {
  const auto window = reader.take_u8();
  const auto length = reader.take_u8();
  if (!window || !length || *length == 0 || *length > max_block_octets) return std::nullopt;
  const auto bits = reader.take(*length);
  if (!bits) return std::nullopt;
  return Block{*window, *bits};
}

}  // namespace

Result<TypeBitmap> TypeBitmap::from_wire(Bytes octets) {
  const Problem malformed{Fault::Lookup, "a type bitmap that is not as RFC 4034 section 4.1.2 says"};
  ByteReader reader(octets);
  int last_window = -1;
  while (reader.remaining() != 0) {
    const auto block = take_block(reader);
    if (!block || block->window <= last_window || block->bits.back() == 0) return malformed;
    last_window = block->window;
  }
  return TypeBitmap(octets);
}

bool TypeBitmap::has(RrType type) const {
  const auto number = static_cast<unsigned>(type);
  ByteReader reader(m_octets);
  while (const auto block = take_block(reader)) {
    if (block->window != number >> 8) continue;
    // Bit 0 is the most significant one of the first octet.
    const std::size_t octet = (number & 0xFFU) / 8;
    return octet < block->bits.size() && (block->bits[octet] & 0x80U >> number % 8) != 0;
  }
  return false;
}

}  // namespace danelaw::dnssec
