// Messages with their length in front (RFC 1035 section 4.2.2), out of a stream that comes in any pieces. It keeps no more than the
// beginning of one message once all that are whole have been taken.
#pragma once

#include <cstddef>
#include <optional>

#include "base/bytes.hpp"

namespace danelaw::dns {

class MessageStream final {
 public:
  /// The octets that came next.
  void append(Bytes octets) { m_octets.insert(m_octets.end(), octets.begin(), octets.end()); }
  /// The next message, without its length; nothing until more has come.
  [[nodiscard]] std::optional<Buffer> next();
  /// Octets in memory. Once next() has given nothing: those of a message that is not whole.
  [[nodiscard]] std::size_t kept() const { return m_octets.size(); }

 private:
  Buffer m_octets;
  std::size_t m_taken = 0;  // of them, from the front
};

}  // namespace danelaw::dns
