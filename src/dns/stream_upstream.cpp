#include "dns/stream_upstream.hpp"

#include <utility>

#include "dns/query.hpp"

namespace danelaw::dns {

StreamUpstream::StreamUpstream(EventLoop& loop, ResolverAddress address, Wrap wrap,
                               std::chrono::milliseconds idle)
    : m_loop(loop), m_address(std::move(address)), m_wrap(std::move(wrap)), m_idle(idle) {}

StreamUpstream::~StreamUpstream() { m_loop.cancel(m_idle_timer); }

Upstream::Ticket StreamUpstream::send(const Question& question, Done done) {
  const Ticket ticket = m_next++;
  m_loop.cancel(std::exchange(m_idle_timer, 0));
  Flight& flight = m_flights.try_emplace(ticket, Flight{question, std::move(done), {}}).first->second;
  put(ticket, flight);
  flight.begun = std::chrono::steady_clock::now();
  return ticket;
}

void StreamUpstream::cancel(Ticket ticket) {
  const auto flight = m_flights.extract(ticket);
  if (flight.empty()) return;
  const auto asked = m_by_id.find(flight.mapped().id);
  if (asked != m_by_id.end() && asked->second == ticket) m_by_id.erase(asked);
  look_whether_idle();
}

void StreamUpstream::give_up(Ticket ticket) {
  const auto flight = m_flights.find(ticket);
  if (flight == m_flights.end()) return;
  const Deadline begun = flight->second.begun;
  cancel(ticket);
  if (m_connection == nullptr || m_opened > begun || m_last_heard > begun) return;
  // It may be the question. Others on their way keep the connection until nobody answers a second one either.
  if (!m_by_id.empty() && ++m_silences < silences_of_a_dead_one) return;
  m_connection.reset();
  put_all();
}

/// Over a new connection where there is none.
void StreamUpstream::put(Ticket ticket, Flight& flight) {
  if (m_connection == nullptr) {
    m_opened = std::chrono::steady_clock::now();
    m_last_heard = {};
    m_has_answered = false;
    m_strays = 0;
    m_silences = 0;
    Listener& listener = *this;
    m_connection = std::make_unique<StreamConnection>(m_loop, m_address, m_wrap(), listener);
  }
  flight.id = fresh_id();
  m_by_id.emplace(flight.id, ticket);
  // Padding hides nothing from those who can read the query itself.
  m_connection->send(m_address.tls ? padded_query(flight.id, flight.question)
                                   : plain_query(flight.id, flight.question));
}

void StreamUpstream::put_all() {
  m_by_id.clear();
  for (auto& [ticket, flight] : m_flights)
    if (!flight.ended) put(ticket, flight);
}

/// On a connection nobody guesses ids; they only must differ. Questions on their way are far fewer than ids.
std::uint16_t StreamUpstream::fresh_id() {
  do {
    ++m_last_id;
  } while (m_by_id.contains(m_last_id));
  return m_last_id;
}

bool StreamUpstream::on_message(Buffer message) {
  ByteReader reader(message);
  const auto id = reader.take_u16();
  const auto asked = id ? m_by_id.extract(*id) : decltype(m_by_id)::node_type();
  if (asked.empty()) return ++m_strays <= max_stray_replies;
  m_strays = 0;
  m_silences = 0;
  m_has_answered = true;
  m_last_heard = std::chrono::steady_clock::now();
  finish(asked.mapped(), {std::move(message)});
  return true;
}

void StreamUpstream::on_closed(Obstacle why) {
  m_connection.reset();
  // Each such connection has answered something, so this comes to an end.
  if (m_has_answered) return put_all();
  m_by_id.clear();
  for (auto& [ticket, flight] : m_flights)
    if (!flight.ended) finish(ticket, {{}, why});
}

/// Replies are handed over from the loop, so that whoever takes them may ask and cancel.
void StreamUpstream::finish(Ticket ticket, Received received) {
  m_flights.at(ticket).ended = true;
  m_loop.defer([alive = std::weak_ptr(m_alive), ticket, received = std::move(received)] {
    const auto upstream = alive.lock();
    if (!upstream) return;
    const auto ended = (*upstream)->m_flights.extract(ticket);
    if (ended.empty()) return;
    (*upstream)->look_whether_idle();
    ended.mapped().done(received);
  });
}

void StreamUpstream::look_whether_idle() {
  if (m_connection == nullptr || !m_flights.empty() || m_idle_timer != 0) return;
  m_idle_timer = m_loop.call_at(std::chrono::steady_clock::now() + m_idle, [this] {
    m_idle_timer = 0;
    m_connection.reset();
  });
}

}  // namespace danelaw::dns
