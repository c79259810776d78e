#include "dns/relay.hpp"

#include <algorithm>
#include <utility>

#include "dns/objection.hpp"
#include "dns/rcode.hpp"

namespace danelaw::dns {
namespace {

using dnssec::Message;
using tlsa::LookupFault;

constexpr unsigned max_doublings = 3;

}  // namespace

Relay::Relay(EventLoop& loop, RelaySettings settings)
    : m_loop(loop),
      m_settings(std::move(settings)),
      m_tls(m_settings.tls_ca_file),
      m_upstreams(m_settings.resolvers.size()),
      m_shunned_until(m_settings.resolvers.size()) {}

Relay::~Relay() {
  for (auto& [asking, flight] : m_flights) m_loop.cancel(flight.timer);
}

Relay::Ticket Relay::ask(const Question& question, OnlyResolver only, Done done) {
  const Ticket ticket = m_next++;
  const Asking asking{question, only};
  const auto [flight, first_time] = m_flights.try_emplace(asking, m_preferred, m_settings.rest);
  flight->second.waiting.emplace(ticket, std::move(done));
  m_tickets.emplace(ticket, asking);
  if (first_time) {
    m_queue.push_back(asking);
    start_next();
  }
  return ticket;
}

void Relay::cancel(Ticket ticket) {
  const auto known = m_tickets.extract(ticket);
  if (known.empty()) return;
  const auto flight = m_flights.find(known.mapped());
  if (flight == m_flights.end()) return;  // answered; those that wait are being told right now
  flight->second.waiting.erase(ticket);
  if (!flight->second.waiting.empty()) return;
  const State state = flight->second.state;
  withdraw(flight->second);
  m_flights.erase(flight);
  if (state == State::Queued) std::erase(m_queue, known.mapped());
  if (state == State::OnTheWire) --m_on_the_wire;
  start_next();
}

std::optional<FailedAnswer> Relay::failure_so_far(Ticket ticket) const {
  const auto asking = m_tickets.find(ticket);
  const auto flight = asking == m_tickets.end() ? m_flights.end() : m_flights.find(asking->second);
  if (flight == m_flights.end()) return std::nullopt;
  const Flight& asked = flight->second;
  Attempts attempts = asked.attempts;
  const std::string known = asked.sent ? m_upstreams[asked.resolver]->so_far(*asked.sent) : "";
  if (!known.empty()) attempts.fail(asked.resolver, silence(asked, known), Again::InTurn, {});
  FailedAnswer failure = attempts.failure();
  if (failure.reason.empty()) return std::nullopt;
  if (asked.state != State::Resting) failure.fault = LookupFault::Timeout;  // somebody might yet answer
  return failure;
}

bool Relay::shun(std::size_t resolver) {
  m_shunned_until[resolver] = std::chrono::steady_clock::now() + m_settings.shunned_for;
  for (std::size_t other = 0; other < m_upstreams.size(); ++other)
    if (!is_shunned(other)) return true;
  return false;
}

void Relay::start_next() {
  while (m_on_the_wire < m_settings.max_on_the_wire && !m_queue.empty()) {
    const Asking asking = std::move(m_queue.front());
    m_queue.pop_front();
    ++m_on_the_wire;
    m_flights.at(asking).state = State::OnTheWire;
    attempt(asking);
  }
}

void Relay::attempt(const Asking& asking) {
  Flight& flight = m_flights.at(asking);
  const auto now = std::chrono::steady_clock::now();
  const bool enough = flight.attempts.count() >= std::max(m_settings.max_attempts, m_upstreams.size());
  const auto resolver = enough ? std::nullopt : resolver_for(asking, flight, now);
  if (!resolver) {
    const auto until = enough ? std::nullopt : flight.attempts.end_of_rest(asking.only);
    return until ? rest(asking, *until) : finish(asking, flight.attempts.failure());
  }
  flight.resolver = *resolver;
  const unsigned doublings = std::min(flight.attempts.begin(*resolver), max_doublings);
  flight.timer =
      m_loop.call_at(now + m_settings.first_patience * (1U << doublings), [this, asking] { silent(asking); });
  flight.sent = upstream(*resolver).send(asking.question,
                                         [this, asking](const Received& reply) { received(asking, reply); });
}

/// Others have its place on the wire meanwhile.
void Relay::rest(const Asking& asking, Deadline until) {
  Flight& flight = m_flights.at(asking);
  flight.state = State::Resting;
  --m_on_the_wire;
  flight.timer = m_loop.call_at(until, [this, asking] {
    m_flights.at(asking).state = State::Queued;
    m_queue.push_back(asking);
    start_next();
  });
  start_next();
}

/// The one that the flight points at, or the next that may be asked.
std::optional<std::size_t> Relay::resolver_for(const Asking& asking, const Flight& flight,
                                               Deadline now) const {
  if (asking.only) return flight.attempts.may_ask(*asking.only, now) ? asking.only : std::nullopt;
  const std::size_t count = m_upstreams.size();
  std::optional<std::size_t> shunned;
  for (std::size_t step = 0; step < count; ++step) {
    const std::size_t resolver = (flight.resolver + step) % count;
    if (!flight.attempts.may_ask(resolver, now)) continue;
    if (!is_shunned(resolver)) return resolver;
    if (!shunned) shunned = resolver;
  }
  return shunned;
}

bool Relay::is_shunned(std::size_t resolver) const {
  return std::chrono::steady_clock::now() < m_shunned_until[resolver];
}

Upstream& Relay::upstream(std::size_t resolver) {
  auto& made = m_upstreams[resolver];
  if (!made) made = make_upstream(m_loop, m_settings.resolvers[resolver], m_tls);
  return *made;
}

void Relay::received(const Asking& asking, const Received& reply) {
  Flight& flight = m_flights.at(asking);
  flight.sent.reset();
  m_loop.cancel(flight.timer);
  if (reply.message.empty()) return received_nothing(asking, reply.obstacle);
  auto message = Message::from_wire(reply.message);
  if (!message)
    return received_no_answer(asking, "what cannot be read: " + message.problem().text, reply.obstacle);
  if (const auto objection = objection_to(*message, asking.question))
    return received_no_answer(asking, *objection, reply.obstacle);
  const std::uint16_t rcode = message->rcode();
  if (rcode == noerror || rcode == nxdomain) {
    if (flight.passed_over && !asking.only) m_preferred = flight.resolver;
    return finish(asking, Reply{std::move(*message), flight.resolver});
  }
  const LookupFault fault = rcode == servfail ? LookupFault::ServerFailure : LookupFault::OtherRcode;
  fail_attempt(asking, {fault, rcode_name(rcode) + " from " + who(flight)}, Again::Never);
}

/// Octets that are no answer to this question, or not all of one. The right ones may still come where they are asked for again.
void Relay::received_no_answer(const Asking& asking, const std::string& what, const Obstacle& obstacle) {
  std::string reason = who(m_flights.at(asking)) + " sent " + what;
  if (!obstacle.text.empty()) reason += ", and " + obstacle.text;
  fail_attempt(asking, {LookupFault::Malformed, reason},
               obstacle.may_pass ? Again::AfterRest : Again::InTurn);
}

void Relay::received_nothing(const Asking& asking, const Obstacle& obstacle) {
  Flight& flight = m_flights.at(asking);
  flight.passed_over = true;
  if (obstacle.text.empty())
    return fail_attempt(asking, {LookupFault::ServerFailure, "no usable reply from " + who(flight)},
                        Again::InTurn);
  fail_attempt(asking, {LookupFault::Unreachable, who(flight) + " " + obstacle.text},
               obstacle.may_pass ? Again::AfterRest : Again::Never);
}

void Relay::silent(const Asking& asking) {
  Flight& flight = m_flights.at(asking);
  std::string known;
  if (flight.sent) {
    known = upstream(flight.resolver).so_far(*flight.sent);
    upstream(flight.resolver).give_up(*flight.sent);
  }
  flight.sent.reset();
  flight.passed_over = true;
  fail_attempt(asking, silence(flight, known), Again::InTurn);
}

FailedAnswer Relay::silence(const Flight& flight, const std::string& known) const {
  return {LookupFault::Timeout, known.empty() ? "no reply from " + who(flight) : who(flight) + " " + known};
}

std::string Relay::who(const Flight& flight) const { return "the resolver " + name_of(flight.resolver); }

void Relay::fail_attempt(const Asking& asking, FailedAnswer why, Again again) {
  Flight& flight = m_flights.at(asking);
  flight.attempts.fail(flight.resolver, std::move(why), again, std::chrono::steady_clock::now());
  flight.resolver = (flight.resolver + 1) % m_upstreams.size();
  attempt(asking);
}

void Relay::finish(const Asking& asking, Fetched fetched) {
  auto flight = m_flights.extract(asking);
  --m_on_the_wire;
  withdraw(flight.mapped());
  const auto shared = std::make_shared<const Fetched>(std::move(fetched));
  for (const auto& [ticket, done] : flight.mapped().waiting) {
    // One that is called may cancel the others.
    if (!m_tickets.contains(ticket)) continue;
    m_tickets.erase(ticket);
    done(shared);
  }
  start_next();
}

void Relay::withdraw(Flight& flight) {
  m_loop.cancel(flight.timer);
  if (flight.sent) upstream(flight.resolver).cancel(*flight.sent);
  flight.sent.reset();
}

}  // namespace danelaw::dns
