#include "dnssec/base32hex.hpp"

namespace danelaw::dnssec {

namespace {

constexpr unsigned bits_per_digit = 5;

std::optional<unsigned> value_of(std::uint8_t digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'v') return digit - 'a' + 10U;
  if (digit >= 'A' && digit <= 'V') return digit - 'A' + 10U;
  return std::nullopt;
}

}  // namespace

std::string to_base32hex(Bytes octets) {
  constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuv";
  std::string text;
  unsigned pending = 0;
  unsigned bits = 0;
  for (const std::uint8_t octet : octets) {
    pending = (pending << 8 | octet) & 0xFFFU;
    for (bits += 8; bits >= bits_per_digit; bits -= bits_per_digit)
      text.push_back(digits[pending >> (bits - bits_per_digit) & 0x1FU]);
  }
  if (bits > 0) text.push_back(digits[pending << (bits_per_digit - bits) & 0x1FU]);
  return text;
}

std::optional<Buffer> from_base32hex(Bytes text) {
  Buffer octets;
  unsigned pending = 0;
  unsigned bits = 0;
  for (const std::uint8_t digit : text) {
    const auto value = value_of(digit);
    if (!value) return std::nullopt;
    pending = (pending << bits_per_digit | *value) & 0xFFFU;
    bits += bits_per_digit;
    if (bits < 8) continue;
    bits -= 8;
    octets.push_back(static_cast<std::uint8_t>(pending >> bits));
  }
  const bool whole = bits < bits_per_digit && (pending & ((1U << bits) - 1)) == 0;
  return whole ? std::optional(std::move(octets)) : std::nullopt;
}

}  // namespace danelaw::dnssec
