// A resolver that a test plays octet by octet, without a thread, and what asks it.
#pragma once

#include <poll.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dns/datagram_upstream.hpp"
#include "own_socket.hpp"
#include "support.hpp"

namespace danelaw::dns::test {

using namespace std::chrono_literals;

/// A resolver at one port, for UDP and for TCP.
class PlayedResolver final {
 public:
  explicit PlayedResolver(bool has_tcp = true, int family = AF_INET, std::uint16_t port = 0)
      : m_family(family),
        m_tcp(listening(has_tcp, family, port)),
        m_udp(SOCK_DGRAM, m_tcp ? m_tcp->port() : port, family) {}

  [[nodiscard]] ResolverAddress address() const {
    return {m_family == AF_INET6 ? "::1" : "127.0.0.1", "", m_udp.port()};
  }
  /// False where this machine has no such addresses.
  [[nodiscard]] bool is_there() const { return m_udp.is_bound(); }

  /// The next query over UDP, and whom it is from; empty where none comes.
  Buffer query(Peer& from) const {
    Buffer octets(4096);
    from.size = sizeof from.address;
    if (!comes(m_udp.number())) return {};
    const ssize_t length = recvfrom(m_udp.number(), octets.data(), octets.size(), 0, from.get(), &from.size);
    octets.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
    return octets;
  }
  void reply(const Buffer& octets, const Peer& to) const {
    sendto(m_udp.number(), octets.data(), octets.size(), 0, to.get(), to.size);
  }
  /// A query has come.
  [[nodiscard]] bool has_query() const { return comes(m_udp.number(), 0); }
  [[nodiscard]] bool has_connection() const { return comes(m_tcp->number(), 0); }
  /// The connection that is made next.
  [[nodiscard]] int accepted() const {
    return comes(m_tcp->number()) ? accept(m_tcp->number(), nullptr, nullptr) : -1;
  }

  static bool comes(int socket, int patience = 5000 /* milliseconds */) {
    pollfd ready{socket, POLLIN, 0};
    return poll(&ready, 1, patience) == 1;
  }

 private:
  /// Before the UDP socket: a port that is free there may be one where TCP connections of an earlier test have only just ended.
  static std::unique_ptr<OwnSocket> listening(bool has_tcp, int family, std::uint16_t port) {
    return has_tcp ? std::make_unique<OwnSocket>(SOCK_STREAM, port, family) : nullptr;
  }

  const int m_family;
  const std::unique_ptr<OwnSocket> m_tcp;
  const OwnSocket m_udp;
};

/// One upstream, and the last that it said.
struct Asker {
  explicit Asker(const ResolverAddress& address)
      : upstream(std::make_unique<DatagramUpstream>(*loop, address)) {}

  Upstream::Ticket ask(const Question& question) {
    got.reset();
    return upstream->send(question, [this](const Received& received) { got = received; });
  }
  /// What comes in the end; nothing where nothing does.
  std::optional<Received> wait(std::chrono::milliseconds patience = 5s) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!got && std::chrono::steady_clock::now() < end) loop->run_once(10ms);
    return got;
  }

  std::string problem;
  const std::unique_ptr<EventLoop> loop = EventLoop::create(problem);
  std::optional<Received> got;
  std::unique_ptr<DatagramUpstream> upstream;
};

/// With QR set, and `more` behind it.
inline Buffer answer_to(Buffer query, const Buffer& more = {}) {
  query[2] |= 0x80;
  query.insert(query.end(), more.begin(), more.end());
  return query;
}

inline Buffer with_tc(Buffer reply) {
  reply[2] |= 0x02;
  return reply;
}

/// As it goes over TCP.
inline Buffer framed(const Buffer& message) {
  Buffer out{static_cast<std::uint8_t>(message.size() >> 8),
             static_cast<std::uint8_t>(message.size() & 0xFFU)};
  out.insert(out.end(), message.begin(), message.end());
  return out;
}

/// So many queries that come over a connection; fewer where it ends.
inline std::vector<Buffer> read_queries(int connection, std::size_t count) {
  std::vector<Buffer> queries;
  Buffer octets;
  while (queries.size() < count && PlayedResolver::comes(connection)) {
    std::array<std::uint8_t, 512> chunk{};
    const ssize_t more = recv(connection, chunk.data(), chunk.size(), 0);
    if (more <= 0) break;
    octets.insert(octets.end(), chunk.begin(), chunk.begin() + more);
    ByteReader reader(octets);
    std::size_t used = 0;
    while (const auto length = reader.take_u16()) {
      const auto message = reader.take(*length);
      if (!message) break;
      queries.push_back(to_buffer(*message));
      used = octets.size() - reader.remaining();
    }
    octets.erase(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(used));
  }
  return queries;
}
inline Buffer read_query(int connection) {
  const auto queries = read_queries(connection, 1);
  return queries.empty() ? Buffer() : queries.front();
}

}  // namespace danelaw::dns::test
