#include "dns/message_stream.hpp"

namespace danelaw::dns {

std::optional<Buffer> MessageStream::next() {
  ByteReader reader(Bytes(m_octets).subspan(m_taken));
  const auto length = reader.take_u16();
  const auto message = length ? reader.take(*length) : std::nullopt;
  if (!message) {
    m_octets.erase(m_octets.begin(), m_octets.begin() + static_cast<std::ptrdiff_t>(m_taken));
    m_taken = 0;
    return std::nullopt;
  }
  m_taken = m_octets.size() - reader.remaining();
  return to_buffer(*message);
}

}  // namespace danelaw::dns
