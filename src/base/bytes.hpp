// Octets that we do not trust, and the one cursor that reads them.
//
// Every parser of outside bytes reads through ByteReader, so bounds are checked in take() and nowhere else.
// Nothing here knows what the octets mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace danelaw {

using Bytes = std::span<const std::uint8_t>;
using Buffer = std::vector<std::uint8_t>;

[[nodiscard]] inline Buffer to_buffer(Bytes octets) { return Buffer(octets.begin(), octets.end()); }

/// The characters of `text` as octets; valid as long as they are.
[[nodiscard]] inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

[[nodiscard]] bool equal(Bytes a, Bytes b);

/// A cursor over octets we do not trust. A read past the end returns nothing and moves nothing.
class ByteReader final {
 public:
  explicit ByteReader(Bytes octets) : m_rest(octets) {}

  [[nodiscard]] std::optional<Bytes> take(std::size_t n) {
    if (n > m_rest.size()) return std::nullopt;
    const Bytes taken = m_rest.first(n);
    m_rest = m_rest.subspan(n);
    return taken;
  }

  [[nodiscard]] std::optional<std::uint8_t> take_u8() {
    const auto octets = take(1);
    if (!octets) return std::nullopt;
    return (*octets)[0];
  }

  /// Two octets in network byte order.
  [[nodiscard]] std::optional<std::uint16_t> take_u16() {
    const auto octets = take(2);
    if (!octets) return std::nullopt;
    return static_cast<std::uint16_t>((*octets)[0] << 8 | (*octets)[1]);
  }

  /// Four octets in network byte order.
  [[nodiscard]] std::optional<std::uint32_t> take_u32() {
    const auto octets = take(4);
    if (!octets) return std::nullopt;
    std::uint32_t value = 0;
    for (const std::uint8_t octet : *octets) value = value << 8 | octet;
    return value;
  }

  [[nodiscard]] Bytes take_rest() {
    const Bytes rest = m_rest;
    m_rest = {};
    return rest;
  }

  [[nodiscard]] std::size_t remaining() const { return m_rest.size(); }

 private:
  Bytes m_rest;
};

}  // namespace danelaw
