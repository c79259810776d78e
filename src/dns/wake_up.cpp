#include "dns/wake_up.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace danelaw::dns {

std::unique_ptr<WakeUp> WakeUp::create() {
  std::array<int, 2> ends{-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) return nullptr;
  return std::unique_ptr<WakeUp>(new WakeUp(ends[0], ends[1]));
}

void WakeUp::call() const {
  if (!is_ours()) return;
  const char octet = 0;
  // A socket that is full keeps its other end readable, which is all that is wanted.
  while (send(m_caller.number(), &octet, sizeof octet, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno == EINTR) {
  }
}

void WakeUp::drain() const {
  if (!is_ours()) return;
  std::array<char, 64> octets{};  // what is left keeps it readable, and the next call takes that
  while (recv(m_hearer.number(), octets.data(), octets.size(), MSG_DONTWAIT) < 0 && errno == EINTR) {
  }
}

}  // namespace danelaw::dns
