#include "wire.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "os/system_errors.hpp"

namespace danelaw::cli {
namespace {

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

WireError system_error(std::string_view what, int error) {
  return WireError(fmt::format("{}: {}", what, text_of_error(error)));
}

/// Closes the descriptor where the constructor does not get to its end.
class Guard final {
 public:
  explicit Guard(int descriptor) : m_descriptor(descriptor) {}
  ~Guard() {
    if (m_descriptor >= 0) close(m_descriptor);
  }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  void release() { m_descriptor = -1; }

 private:
  int m_descriptor;
};

}  // namespace

Wire::Wire(const Address& address, std::chrono::milliseconds timeout)
    : m_descriptor(socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  if (m_descriptor < 0) throw system_error("no socket", errno);
  Guard guard(m_descriptor);
  begin_step("the connection", timeout);
  const auto* const target = reinterpret_cast<const sockaddr*>(&address.storage);
  if (connect(m_descriptor, target, address.length) != 0) {
    if (errno != EINPROGRESS) throw system_error("cannot connect", errno);
    wait_for(POLLOUT);
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(m_descriptor, SOL_SOCKET, SO_ERROR, &error, &length) != 0) error = errno;
    if (error != 0) throw system_error("cannot connect", error);
  }
  guard.release();
}

Wire::~Wire() { close(m_descriptor); }

void Wire::begin_step(const char* step, std::chrono::milliseconds timeout) {
  m_step = step;
  m_deadline = std::chrono::steady_clock::now() + timeout;
}

void Wire::wait_for(short events) {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(m_deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) throw WireError(fmt::format("{} timed out", m_step));
    pollfd entry{m_descriptor, events, 0};
    const int ready = poll(&entry, 1, static_cast<int>(left.count()));
    if (ready > 0) return;
    if (ready < 0 && errno != EINTR) throw system_error("cannot wait", errno);
  }
}

void Wire::send(std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t sent = ::send(m_descriptor, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      octets.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (!would_block(errno)) throw system_error("cannot send", errno);
    wait_for(POLLOUT);
  }
}

void Wire::fill() {
  std::array<char, 4096> block{};
  for (;;) {
    const ssize_t n = recv(m_descriptor, block.data(), block.size(), 0);
    if (n == 0) throw WireError("the server closed the connection before TLS");
    if (n > 0) {
      m_received += static_cast<std::size_t>(n);
      if (m_received > max_plaintext_octets) {
        throw WireError(fmt::format("the server said more than {} octets before TLS", max_plaintext_octets));
      }
      m_unread.append(block.data(), static_cast<std::size_t>(n));
      return;
    }
    if (!would_block(errno)) throw system_error("cannot read", errno);
    wait_for(POLLIN);
  }
}

std::string Wire::read_through(char last) {
  std::size_t end = 0;
  while ((end = m_unread.find(last)) == std::string::npos) {
    if (m_unread.size() > max_line_octets) break;
    fill();
  }
  if (end > max_line_octets) {
    throw WireError(fmt::format("the server sent a line of more than {} octets before TLS", max_line_octets));
  }
  std::string text = m_unread.substr(0, end + 1);
  m_unread.erase(0, end + 1);
  return text;
}

std::string Wire::read_line() {
  std::string line = read_through('\n');
  line.pop_back();
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

std::string Wire::read_exactly(std::size_t octets) {
  while (m_unread.size() < octets) fill();
  std::string text = m_unread.substr(0, octets);
  m_unread.erase(0, octets);
  return text;
}

bool Wire::has_unread() const {
  if (!m_unread.empty()) return true;
  char next = 0;
  return recv(m_descriptor, &next, 1, MSG_PEEK) > 0;
}

std::string Wire::own_address_literal() const {
  sockaddr_storage own{};
  socklen_t length = sizeof own;
  auto* const target = reinterpret_cast<sockaddr*>(&own);
  std::array<char, NI_MAXHOST> text{};
  if (getsockname(m_descriptor, target, &length) != 0 ||
      getnameinfo(target, length, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0) {
    return "[127.0.0.1]";
  }
  const std::string address = text.data();
  const std::string bare = address.substr(0, address.find('%'));  // a zone means nothing to the server
  return fmt::format("[{}{}]", own.ss_family == AF_INET6 ? "IPv6:" : "", bare);
}

}  // namespace danelaw::cli
