#include "dns/datagram_upstream.hpp"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "dns/query.hpp"
#include "dns/socket_address.hpp"

namespace danelaw::dns {
namespace {

/// More than is asked for (udp_payload_octets); what is longer still is no reply to us.
constexpr std::size_t max_reply_octets = 4096;
/// Read at once at most, so that a flood cannot keep the thread from the others.
constexpr int datagrams_at_once = 16;

constexpr const char* cannot_reach = "cannot be reached";

std::optional<std::uint16_t> random_id() {
  std::uint16_t id = 0;
  if (getrandom(&id, sizeof id, 0) != static_cast<ssize_t>(sizeof id)) return std::nullopt;
  return id;
}

bool answers(Bytes datagram, std::uint16_t id) {
  ByteReader reader(datagram);
  return reader.take_u16() == id;
}

bool is_cut(Bytes datagram) {
  constexpr std::size_t third_octet = 2;
  constexpr unsigned truncated = 0x02;
  return datagram.size() > third_octet && (datagram[third_octet] & truncated) != 0;
}

}  // namespace

DatagramUpstream::DatagramUpstream(EventLoop& loop, ResolverAddress address)
    : m_loop(loop), m_address(address), m_tcp(loop, std::move(address), no_wrapping) {}

DatagramUpstream::~DatagramUpstream() {
  for (auto& [ticket, flight] : m_flights) m_loop.unwatch(flight.watch);
}

Upstream::Ticket DatagramUpstream::send(const Question& question, Done done) {
  const Ticket ticket = m_next++;
  Flight& flight = m_flights.try_emplace(ticket, question, std::move(done)).first->second;
  const Obstacle obstacle = open(ticket, flight);
  if (!obstacle.text.empty())
    m_loop.defer([alive = std::weak_ptr(m_alive), ticket, obstacle] {
      if (const auto upstream = alive.lock()) (*upstream)->finish(ticket, {{}, obstacle});
    });
  return ticket;
}

/// Why it cannot be asked; nothing where it has been.
Obstacle DatagramUpstream::open(Ticket ticket, Flight& flight) {
  const auto id = random_id();
  if (!id) return {"cannot be asked: there are no random numbers"};
  flight.id = *id;
  const auto to = socket_address(m_address);
  if (!to) return {to.problem().text};
  const int fd = socket(to->family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
  if (fd < 0) return obstacle_of("cannot be asked", errno);
  flight.socket.emplace(fd);
  // Connected: the system drops what comes from elsewhere, and tells of a port that nobody listens at.
  const Buffer query = plain_query(flight.id, flight.question);
  if (connect(fd, to->get(), to->size()) != 0 || ::send(fd, query.data(), query.size(), MSG_NOSIGNAL) < 0)
    return obstacle_of(cannot_reach, errno);
  flight.watch = m_loop.watch(fd, EPOLLIN, [this, ticket](std::uint32_t) { ready(ticket); });
  return flight.watch != 0 ? Obstacle() : Obstacle{"cannot be asked: the socket cannot be watched", true};
}

void DatagramUpstream::ready(Ticket ticket) {
  Flight& flight = m_flights.at(ticket);
  if (!flight.socket->is_ours())
    return finish(ticket, {{}, {"lost its socket: the program closed it", true}});
  std::array<std::uint8_t, max_reply_octets> datagram;
  for (int i = 0; i < datagrams_at_once; ++i) {
    const ssize_t octets = recv(flight.socket->number(), datagram.data(), datagram.size(), MSG_TRUNC);
    if (octets < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
    if (octets < 0) return finish(ticket, {{}, obstacle_of(cannot_reach, errno)});
    if (static_cast<std::size_t>(octets) > datagram.size()) continue;
    const Bytes reply = Bytes(datagram).first(static_cast<std::size_t>(octets));
    if (!answers(reply, flight.id)) continue;  // somebody guesses ids: the reply may still come
    return is_cut(reply) ? ask_over_tcp(ticket, flight, to_buffer(reply))
                         : finish(ticket, {to_buffer(reply)});
  }
}

/// Where that fails, the reply that was cut is all there is.
void DatagramUpstream::ask_over_tcp(Ticket ticket, Flight& flight, Buffer cut) {
  m_loop.unwatch(std::exchange(flight.watch, 0));
  flight.socket.reset();
  flight.over_tcp =
      m_tcp.send(flight.question, [this, ticket, cut = std::move(cut)](const Received& received) {
        finish(ticket, received.message.empty() ? Received{cut, received.obstacle} : received);
      });
}

/// Called from the loop, and the last that is done: whoever is told may ask, cancel, and destroy this.
void DatagramUpstream::finish(Ticket ticket, const Received& received) {
  auto flight = m_flights.extract(ticket);
  if (flight.empty()) return;
  m_loop.unwatch(flight.mapped().watch);
  flight.mapped().done(received);
}

void DatagramUpstream::cancel(Ticket ticket) {
  const auto flight = m_flights.extract(ticket);
  if (flight.empty()) return;
  m_loop.unwatch(flight.mapped().watch);
  if (flight.mapped().over_tcp) m_tcp.cancel(*flight.mapped().over_tcp);
}

void DatagramUpstream::give_up(Ticket ticket) {
  const auto flight = m_flights.find(ticket);
  if (flight != m_flights.end() && flight->second.over_tcp)
    m_tcp.give_up(*std::exchange(flight->second.over_tcp, std::nullopt));
  cancel(ticket);
}

std::string DatagramUpstream::so_far(Ticket ticket) const {
  const auto flight = m_flights.find(ticket);
  const bool was_cut = flight != m_flights.end() && flight->second.over_tcp;
  return was_cut ? "cut its reply, and has not answered over TCP" : "";
}

}  // namespace danelaw::dns
