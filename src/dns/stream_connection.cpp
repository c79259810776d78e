#include "dns/stream_connection.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "dns/socket_address.hpp"
#include "dnssec/message.hpp"

namespace danelaw::dns {
namespace {

constexpr std::size_t chunk_octets = 16 * 1024;
/// Read at once at most, so that one resolver cannot keep the thread from the others.
constexpr int chunks_at_once = 8;
/// For the handshake, and for what TLS says of its own (tickets, new keys, alerts): its records cost far more to read than to write.
constexpr std::size_t max_overhead_octets = 64 * 1024;
/// What a message makes up for besides its own octets: the records that it came in, a ticket or two.
constexpr std::size_t overhead_of_a_message = 4 * 1024;
/// Far more than all questions that can be on their way.
constexpr std::size_t max_unsent_octets = 256 * 1024;

constexpr const char* cannot_connect = "cannot be connected to";
Obstacle closed() { return {"closed the connection", true}; }
Obstacle lost() { return {"lost its connection: the program closed it", true}; }

/// On its way to being connected; -1 with errno where it cannot be.
int connecting_socket(const SocketAddress& to) {
  const int fd = socket(to.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  if (fd < 0) return -1;
  // Nagle's algorithm would hold a question back until the reply to the one before it.
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(fd, to.get(), to.size()) == 0 || errno == EINPROGRESS) return fd;
  const int error = errno;
  close(fd);
  errno = error;
  return -1;
}

/// A resolver that writes length and message apart waits for our acknowledgement in between: not 40 ms for that.
void acknowledge_at_once(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

}  // namespace

StreamConnection::StreamConnection(EventLoop& loop, const ResolverAddress& address,
                                   std::unique_ptr<Wrapping> wrapping, Listener& listener)
    : m_loop(loop), m_listener(listener), m_wrapping(std::move(wrapping)) {
  Obstacle obstacle = shake_hands() ? open(address) : Obstacle{m_wrapping->problem()};
  if (!obstacle.text.empty()) end(std::move(obstacle));
}

/// Why it cannot be; nothing where it is on its way.
Obstacle StreamConnection::open(const ResolverAddress& address) {
  const auto to = socket_address(address);
  if (!to) return {to.problem().text};
  const int fd = connecting_socket(*to);
  if (fd < 0) return obstacle_of(cannot_connect, errno);
  m_socket.emplace(fd);
  watch();
  return {};
}

StreamConnection::~StreamConnection() {
  m_loop.unwatch(m_watch);
  if (!m_connected || !m_established || m_ended) return;
  m_wrapping->close();  // a last word, if the socket takes it
  flush();
}

void StreamConnection::send(const Buffer& message) {
  if (m_ended || message.size() > dnssec::Message::max_octets) return;
  m_waiting.push_back(static_cast<std::uint8_t>(message.size() >> 8 & 0xFFU));
  m_waiting.push_back(static_cast<std::uint8_t>(message.size() & 0xFFU));
  m_waiting.insert(m_waiting.end(), message.begin(), message.end());
  if (m_waiting.size() > max_unsent_octets) return end({"does not take what it is sent"});
  if (!m_established || std::exchange(m_due, true)) return;
  later(&StreamConnection::advance);  // what else is asked until then goes along
}

void StreamConnection::ready(std::uint32_t events) {
  if (m_ended) return;
  if (!m_socket->is_ours()) return end(lost());
  if (!m_connected && !connected()) return;
  const bool open = (events & static_cast<std::uint32_t>(EPOLLIN | EPOLLHUP | EPOLLERR)) == 0 || receive();
  advance();
  if (m_unaccounted > m_incoming.kept() + max_overhead_octets) end({"sends no end of what is no reply"});
  if (!open) end(closed());
}

bool StreamConnection::connected() {
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(m_socket->number(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  if (error != 0) end(obstacle_of(cannot_connect, error));
  m_connected = error == 0;
  return m_connected;
}

/// False where the peer has closed its side. What has come until then is there.
bool StreamConnection::receive() {
  std::array<std::uint8_t, chunk_octets> chunk;
  for (int i = 0; i < chunks_at_once; ++i) {
    const ssize_t octets = recv(m_socket->number(), chunk.data(), chunk.size(), 0);
    if (octets < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    if (octets == 0) return false;
    m_wrapping->take(Bytes(chunk).first(static_cast<std::size_t>(octets)));
    m_unaccounted += static_cast<std::size_t>(octets);
    acknowledge_at_once(m_socket->number());
  }
  return true;
}

void StreamConnection::advance() {
  m_due = false;
  if (m_ended || !m_connected) return;
  const bool failed = !shake_hands();
  bool open = true;
  if (m_established) {
    m_wrapping->write(std::exchange(m_waiting, {}));
    Buffer arrived;
    open = m_wrapping->read(arrived);
    m_incoming.append(arrived);
    take_messages();
  }
  flush();  // of a handshake that fails an alert says why
  if (m_ended) return;
  if (failed) return end({m_wrapping->problem()});
  if (!open) return end(closed());
  watch();
}

/// False where there will be none.
bool StreamConnection::shake_hands() {
  if (m_established) return true;
  const Wrapping::Handshake state = m_wrapping->shake_hands();
  m_established = state == Wrapping::Handshake::Done;
  if (m_established) m_unaccounted = 0;
  return state != Wrapping::Handshake::Failed;
}

void StreamConnection::take_messages() {
  while (auto message = m_incoming.next()) {
    m_unaccounted -= std::min(m_unaccounted, message->size() + overhead_of_a_message);
    if (!m_listener.on_message(std::move(*message))) return end({"sends what nobody has asked for"});
  }
}

void StreamConnection::flush() {
  m_wrapping->give(m_outgoing);
  while (!m_outgoing.empty()) {
    if (!m_socket->is_ours()) return end(lost());
    const ssize_t sent = ::send(m_socket->number(), m_outgoing.data(), m_outgoing.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return end(closed());
    if (sent < 0 && m_outgoing.size() > max_unsent_octets) return end({"does not take what it is sent"});
    if (sent < 0) return;
    m_outgoing.erase(m_outgoing.begin(), m_outgoing.begin() + sent);
  }
}

/// For readable always, for writable while something waits.
void StreamConnection::watch() {
  const bool writes = !m_connected || !m_outgoing.empty();
  const auto events = static_cast<std::uint32_t>(writes ? EPOLLIN | EPOLLOUT : EPOLLIN);
  if (m_watch != 0 && events == m_watched) return;
  m_loop.unwatch(std::exchange(m_watch, 0));
  if (!m_socket->is_ours()) return end(lost());
  m_watched = events;
  m_watch = m_loop.watch(m_socket->number(), events, [this](std::uint32_t happened) { ready(happened); });
  if (m_watch == 0) end({"cannot be connected to: the socket cannot be watched", true});
}

/// Told from the loop, with nothing of this connection on the stack, because the listener may destroy it.
void StreamConnection::end(Obstacle why) {
  if (std::exchange(m_ended, true)) return;
  m_end = std::move(why);
  m_loop.unwatch(std::exchange(m_watch, 0));
  m_loop.defer([alive = std::weak_ptr(m_alive)] {
    const auto connection = alive.lock();
    if (connection) (*connection)->m_listener.on_closed((*connection)->m_end);
  });
}

void StreamConnection::later(void (StreamConnection::*what)()) {
  m_loop.defer([alive = std::weak_ptr(m_alive), what] {
    if (const auto connection = alive.lock()) ((*connection)->*what)();
  });
}

}  // namespace danelaw::dns
