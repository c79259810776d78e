// A socket of the tests' own on this machine, at some port that was free.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>

namespace danelaw::dns::test {

/// Whose a datagram is.
struct Peer {
  sockaddr_storage address{};
  socklen_t size = sizeof(sockaddr_storage);

  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&address); }
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }
  /// Both families have it in the same place.
  [[nodiscard]] std::uint16_t port() const {
    return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
  }
};

class OwnSocket final {
 public:
  /// SOCK_DGRAM, or SOCK_STREAM, which listens; on 127.0.0.1, or with AF_INET6 on ::1. Port 0: one that is free.
  explicit OwnSocket(int type, std::uint16_t port = 0, int family = AF_INET)
      : m_socket(socket(family, type | SOCK_CLOEXEC, 0)) {
    constexpr int backlog = 64;
    Peer own = loopback(family, port);
    m_is_bound = bind(m_socket, own.get(), own.size) == 0;
    getsockname(m_socket, own.get(), &own.size);
    m_port = own.port();
    if (type == SOCK_STREAM) listen(m_socket, backlog);
  }
  ~OwnSocket() { close(m_socket); }
  OwnSocket(const OwnSocket&) = delete;
  OwnSocket& operator=(const OwnSocket&) = delete;

  [[nodiscard]] int number() const { return m_socket; }
  [[nodiscard]] std::uint16_t port() const { return m_port; }
  /// False where the machine lacks the family, or somebody has the port.
  [[nodiscard]] bool is_bound() const { return m_is_bound; }

 private:
  static Peer loopback(int family, std::uint16_t port) {
    Peer made;
    made.address.ss_family = static_cast<sa_family_t>(family);
    auto& ipv4 = *reinterpret_cast<sockaddr_in*>(&made.address);
    auto& ipv6 = *reinterpret_cast<sockaddr_in6*>(&made.address);
    made.size = family == AF_INET6 ? sizeof ipv6 : sizeof ipv4;
    ipv4.sin_port = htons(port);
    if (family == AF_INET6)
      ipv6.sin6_addr = in6addr_loopback;
    else
      ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return made;
  }

  const int m_socket;
  std::uint16_t m_port = 0;
  bool m_is_bound = false;
};

}  // namespace danelaw::dns::test
