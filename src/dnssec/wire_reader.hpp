// A cursor over a part of a message that can follow compression pointers into what stands before it
// (RFC 1035 section 4.1.4). Inside only: Message and its RDATA are read with it.
//
// A pointer must lead to before the labels that it ends, and never into the header; so no name can loop. The
// hops of one name are bounded too. Where there is no message around it, pointers are refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/dns_name.hpp"

namespace danelaw::dnssec {

inline constexpr std::size_t header_octets = 12;
inline constexpr std::size_t max_pointer_hops = 127;  ///< as many as a name can have labels

class WireReader final {
 public:
  explicit WireReader(Bytes message) : m_message(message), m_end(message.size()), m_reader(message) {}

  /// Of octets in which no name is compressed.
  static WireReader uncompressed(Bytes octets) { return {Bytes{}, octets.size(), octets}; }

  [[nodiscard]] std::optional<Bytes> take(std::size_t n) { return m_reader.take(n); }
  [[nodiscard]] std::optional<std::uint8_t> take_u8() { return m_reader.take_u8(); }
  [[nodiscard]] std::optional<std::uint16_t> take_u16() { return m_reader.take_u16(); }
  [[nodiscard]] std::optional<std::uint32_t> take_u32() { return m_reader.take_u32(); }
  [[nodiscard]] std::size_t remaining() const { return m_reader.remaining(); }

  /// A name, compressed or not. After a failure the cursor stands anywhere.
  [[nodiscard]] std::optional<DnsName> take_name();

  /// The next `n` octets as a reader of their own whose pointers lead into the same message.
  [[nodiscard]] std::optional<WireReader> take_part(std::size_t n);

 private:
  WireReader(Bytes message, std::size_t end, Bytes part) : m_message(message), m_end(end), m_reader(part) {}
  [[nodiscard]] std::size_t position() const { return m_end - m_reader.remaining(); }

  Bytes m_message;    // empty where nothing is compressed: then no pointer leads anywhere
  std::size_t m_end;  // where in the message m_reader ends
  ByteReader m_reader;
};

}  // namespace danelaw::dnssec
