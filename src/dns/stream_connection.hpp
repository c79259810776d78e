// One connection to a resolver over TLS (RFC 7858): TCP, the handshake, and messages with their length in front (RFC 1035 section
// 4.2.2) both ways. Nothing is sent before the peer is authenticated, and then all that waits goes in one piece. It knows no
// questions, retries nothing and ends once. A resolver that keeps it busy with what is no message, or takes nothing that it is sent,
// loses it.
//
// TLS never sees the socket: octets go through memory, so that a write to a closed connection raises no signal, and a number that the
// host has taken for something else is not written to.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "dns/event_loop.hpp"
#include "dns/message_stream.hpp"
#include "dns/obstacle.hpp"
#include "dns/own_descriptor.hpp"
#include "dns/resolver_address.hpp"
#include "dns/wrapping.hpp"

namespace danelaw::dns {

class StreamConnection final {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    /// Must not destroy the connection. False where it has heard enough: the connection ends.
    [[nodiscard]] virtual bool on_message(Buffer message) = 0;
    /// The connection is of no more use. May destroy it.
    virtual void on_closed(Obstacle why) = 0;
  };

  /// Listener and loop outlive it. All calls of the listener come from the loop.
  StreamConnection(EventLoop& loop, const ResolverAddress& address, std::unique_ptr<Wrapping> wrapping,
                   Listener& listener);
  ~StreamConnection();
  StreamConnection(const StreamConnection&) = delete;
  StreamConnection& operator=(const StreamConnection&) = delete;

  /// At most 65535 octets. Where the connection has ended they go nowhere.
  void send(const Buffer& message);

 private:
  [[nodiscard]] Obstacle open(const ResolverAddress& address);
  void ready(std::uint32_t events);
  [[nodiscard]] bool connected();
  [[nodiscard]] bool receive();
  void advance();
  [[nodiscard]] bool shake_hands();
  void take_messages();
  void flush();
  void watch();
  void end(Obstacle why);
  void later(void (StreamConnection::*what)());

  EventLoop& m_loop;
  Listener& m_listener;
  const std::unique_ptr<Wrapping> m_wrapping;
  std::optional<OwnDescriptor> m_socket;
  EventLoop::WatchId m_watch = 0;
  std::uint32_t m_watched = 0;
  bool m_connected = false;
  bool m_established = false;
  bool m_due = false;    // advance() is on its way
  bool m_ended = false;  // and m_end says why
  Obstacle m_end;
  Buffer m_waiting;   // messages for TLS, with their lengths
  Buffer m_outgoing;  // octets for the socket
  MessageStream m_incoming;
  std::size_t m_unaccounted = 0;  // octets received that no message has made up for
  const std::shared_ptr<StreamConnection*> m_alive = std::make_shared<StreamConnection*>(this);
};

}  // namespace danelaw::dns
