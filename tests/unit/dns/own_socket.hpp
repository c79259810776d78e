// A socket of the tests' own on 127.0.0.1, at some port that was free.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>

namespace danelaw::dns::test {

class OwnSocket final {
 public:
  /// SOCK_DGRAM, or SOCK_STREAM, which listens. Port 0: one that is free.
  explicit OwnSocket(int type, std::uint16_t port = 0) : m_socket(socket(AF_INET, type | SOCK_CLOEXEC, 0)) {
    constexpr int backlog = 64;
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_port = htons(port);
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(m_socket, reinterpret_cast<sockaddr*>(&own), sizeof own);
    socklen_t size = sizeof own;
    getsockname(m_socket, reinterpret_cast<sockaddr*>(&own), &size);
    m_port = ntohs(own.sin_port);
    if (type == SOCK_STREAM) listen(m_socket, backlog);
  }
  ~OwnSocket() { close(m_socket); }
  OwnSocket(const OwnSocket&) = delete;
  OwnSocket& operator=(const OwnSocket&) = delete;

  [[nodiscard]] int number() const { return m_socket; }
  [[nodiscard]] std::uint16_t port() const { return m_port; }

 private:
  const int m_socket;
  std::uint16_t m_port = 0;
};

}  // namespace danelaw::dns::test
