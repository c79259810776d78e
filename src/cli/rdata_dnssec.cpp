#include "rdata_dnssec.hpp"

#include <bit>
#include <vector>

#include "anchor_tags.hpp"

namespace danelaw::cli {
namespace {

/// RFC 3110 section 2: the exponent's length in one octet, or in two behind a zero; the exponent; the modulus.
std::optional<std::size_t> rsa_bits(const std::string& key) {
  const std::vector<std::uint8_t> octets(key.begin(), key.end());
  Cursor cursor(octets);
  auto length = cursor.number(1);
  if (length && *length == 0) length = cursor.number(2);
  if (!length || *length == 0 || !cursor.take(*length)) return std::nullopt;
  const Octets modulus = cursor.take_rest();
  if (modulus.empty() || modulus.front() == 0) return std::nullopt;
  return (modulus.size() - 1) * 8 + static_cast<std::size_t>(std::bit_width(modulus.front()));
}

std::optional<std::size_t> bits_of_curve(const std::string& key, std::size_t octets, std::size_t bits) {
  if (key.size() != octets) return std::nullopt;
  return bits;
}

}  // namespace

std::optional<std::size_t> DsRdata::wanted_octets() const {
  switch (digest_type) {
    case 1:
      return 20;
    case 2:
    case 3:
      return 32;
    case 4:
      return 48;
    default:
      return std::nullopt;
  }
}

std::optional<std::size_t> DnskeyRdata::bits() const {
  switch (algorithm) {
    case 1:
    case 5:
    case 7:
    case 8:
    case 10:
      return rsa_bits(key);
    case 13:
      return bits_of_curve(key, 64, 256);
    case 14:
      return bits_of_curve(key, 96, 384);
    case 15:
      return bits_of_curve(key, 32, 256);
    case 16:
      return bits_of_curve(key, 57, 456);
    default:
      return std::nullopt;
  }
}

std::optional<DsRdata> ds_of_rdata(Octets rdata) {
  Cursor cursor(rdata);
  const auto key_tag = cursor.number(2);
  const auto algorithm = cursor.number(1);
  const auto digest_type = cursor.number(1);
  if (!digest_type || cursor.is_at_end()) return std::nullopt;
  return DsRdata{static_cast<std::uint16_t>(*key_tag), static_cast<std::uint8_t>(*algorithm),
                 static_cast<std::uint8_t>(*digest_type), string_of(cursor.take_rest())};
}

std::optional<DnskeyRdata> dnskey_of_rdata(Octets rdata) {
  Cursor cursor(rdata);
  const auto flags = cursor.number(2);
  const auto protocol = cursor.number(1);
  const auto algorithm = cursor.number(1);
  if (!algorithm || cursor.is_at_end()) return std::nullopt;
  return DnskeyRdata{static_cast<std::uint16_t>(*flags), static_cast<std::uint8_t>(*protocol),
                     static_cast<std::uint8_t>(*algorithm), string_of(cursor.take_rest()),
                     static_cast<std::uint16_t>(key_tag({rdata.begin(), rdata.end()}))};
}

}  // namespace danelaw::cli
