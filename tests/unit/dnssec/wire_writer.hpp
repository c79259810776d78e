// Writes DNS messages for tests, right or wrong on purpose: octet by octet, with the position known for pointers.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"
#include "base/dns_name.hpp"
#include "base/hex.hpp"

namespace wire {

class Writer final {
 public:
  Writer& u8(unsigned value) { return m_octets.push_back(static_cast<std::uint8_t>(value)), *this; }
  Writer& u16(unsigned value) { return u8(value >> 8 & 0xFF).u8(value & 0xFF); }
  Writer& u32(std::uint32_t value) { return u16(value >> 16).u16(value & 0xFFFF); }
  Writer& octets(danelaw::Bytes all) {
    return m_octets.insert(m_octets.end(), all.begin(), all.end()), *this;
  }
  Writer& hex(std::string_view text) { return octets(danelaw::from_hex(text).value()); }
  Writer& name(std::string_view text) { return octets(danelaw::DnsName::from_text(text).value().wire()); }
  Writer& label(std::string_view text) {
    return u8(static_cast<unsigned>(text.size())).octets(danelaw::as_bytes(text));
  }
  Writer& pointer(std::size_t target) { return u16(0xC000U | static_cast<unsigned>(target)); }

  Writer& header(unsigned flags, unsigned questions, unsigned answers = 0, unsigned authorities = 0,
                 unsigned additionals = 0) {
    return u16(0x1234).u16(flags).u16(questions).u16(answers).u16(authorities).u16(additionals);
  }
  /// Question for `text` in class IN.
  Writer& question(std::string_view text, unsigned type) { return name(text).u16(type).u16(1); }
  /// What stands between a record's owner and its RDATA, in class IN.
  Writer& fixed(unsigned type, std::uint32_t ttl, std::size_t length) {
    return u16(type).u16(1).u32(ttl).u16(static_cast<unsigned>(length));
  }

  [[nodiscard]] std::size_t position() const { return m_octets.size(); }
  [[nodiscard]] const danelaw::Buffer& done() const { return m_octets; }

 private:
  danelaw::Buffer m_octets;
};

}  // namespace wire
