#include "dns/relay.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace danelaw::dns {
namespace {

using dnssec::Message;
using tlsa::LookupFault;

constexpr std::uint16_t noerror = 0;
constexpr std::uint16_t servfail = 2;
constexpr std::uint16_t nxdomain = 3;
constexpr unsigned max_doublings = 3;

std::string rcode_name(std::uint16_t rcode) {
  switch (rcode) {
    case 1:
      return "FORMERR";
    case servfail:
      return "SERVFAIL";
    case 4:
      return "NOTIMP";
    case 5:
      return "REFUSED";
    case 6:
      return "YXDOMAIN";
    default:
      return "rcode " + std::to_string(rcode);
  }
}

/// Why a reply is none to this question; nothing where it is one.
std::optional<std::string> objection_to(const Message& message, const Question& question) {
  constexpr std::uint8_t query = 0;
  if (!message.is_response()) return "a reply that is none";
  if (message.opcode() != query) return "a reply to no query";
  const auto& asked = message.question();
  const bool refused = message.rcode() != noerror && message.rcode() != nxdomain;
  if (!asked && refused) return std::nullopt;  // one that cannot read a question leaves it out
  if (!asked || asked->name != question.name || asked->type != question.type ||
      asked->dns_class != dnssec::class_in)
    return "a reply to another question";
  if (message.truncated()) return "a reply that was cut";
  return std::nullopt;
}

/// SERVFAIL is what a resolver says that has tried, other rcodes are at least a reply; one out of reach has said nothing.
int weight_of(LookupFault fault) {
  constexpr std::array lightest_first{LookupFault::Unreachable, LookupFault::Timeout, LookupFault::Malformed,
                                      LookupFault::OtherRcode, LookupFault::ServerFailure};
  return static_cast<int>(std::ranges::find(lightest_first, fault) - lightest_first.begin());
}

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
  const auto [flight, first_time] = m_flights.try_emplace(asking);
  flight->second.waiting.emplace(ticket, std::move(done));
  m_tickets.emplace(ticket, asking);
  if (first_time) {
    flight->second.resolver = m_preferred;
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
  const bool on_the_wire = flight->second.attempts > 0;
  withdraw(flight->second);
  m_flights.erase(flight);
  if (on_the_wire)
    --m_on_the_wire;
  else
    std::erase(m_queue, known.mapped());
  start_next();
}

std::optional<FailedAnswer> Relay::failure_so_far(Ticket ticket) const {
  const auto asking = m_tickets.find(ticket);
  const auto flight = asking == m_tickets.end() ? m_flights.end() : m_flights.find(asking->second);
  if (flight == m_flights.end() || flight->second.failed.empty()) return std::nullopt;
  return failure_of(flight->second);
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
    attempt(asking);
  }
}

void Relay::attempt(const Asking& asking) {
  Flight& flight = m_flights.at(asking);
  const auto resolver = resolver_for(asking, flight);
  const std::size_t enough = std::max(m_settings.max_attempts, m_upstreams.size());
  if (!resolver || flight.attempts == enough) return finish(asking, failure_of(flight));
  ++flight.attempts;
  flight.resolver = *resolver;
  const unsigned doublings = std::min(flight.tries[*resolver]++, max_doublings);
  const auto until = std::chrono::steady_clock::now() + m_settings.first_patience * (1U << doublings);
  flight.timer = m_loop.call_at(until, [this, asking] { silent(asking); });
  flight.sent = upstream(*resolver).send(asking.question,
                                         [this, asking](const Received& reply) { received(asking, reply); });
}

/// The one that the flight points at, or the next that may be asked.
std::optional<std::size_t> Relay::resolver_for(const Asking& asking, const Flight& flight) const {
  if (asking.only) return flight.refused.contains(*asking.only) ? std::nullopt : asking.only;
  const std::size_t count = m_upstreams.size();
  std::optional<std::size_t> shunned;
  for (std::size_t step = 0; step < count; ++step) {
    const std::size_t resolver = (flight.resolver + step) % count;
    if (flight.refused.contains(resolver)) continue;
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
  if (reply.message.empty()) return received_nothing(asking, reply.problem);
  const std::string who = name_of(flight.resolver);
  auto message = Message::from_wire(reply.message);
  if (!message)
    return fail_attempt(asking,
                        {LookupFault::Malformed,
                         "the resolver " + who + " sent what cannot be read: " + message.problem().text});
  if (const auto objection = objection_to(*message, asking.question))
    return fail_attempt(
        asking, {LookupFault::Malformed, "the resolver " + who + " sent " + *objection +
                                             (reply.problem.empty() ? "" : ", and ") + reply.problem});
  const std::uint16_t rcode = message->rcode();
  if (rcode == noerror || rcode == nxdomain) {
    if (flight.passed_over && !asking.only) m_preferred = flight.resolver;
    return finish(asking, Reply{std::move(*message), flight.resolver});
  }
  const LookupFault fault = rcode == servfail ? LookupFault::ServerFailure : LookupFault::OtherRcode;
  refused(asking, {fault, rcode_name(rcode) + " from the resolver " + who});
}

/// Who says why is not asked again: it would be the same.
void Relay::received_nothing(const Asking& asking, const std::string& problem) {
  Flight& flight = m_flights.at(asking);
  flight.passed_over = true;
  const std::string who = "the resolver " + name_of(flight.resolver);
  if (problem.empty())
    return fail_attempt(asking, {LookupFault::ServerFailure, "no usable reply from " + who});
  refused(asking, {LookupFault::Unreachable, who + " " + problem});
}

void Relay::refused(const Asking& asking, FailedAnswer refusal) {
  Flight& flight = m_flights.at(asking);
  flight.refused.insert(flight.resolver);
  fail_attempt(asking, std::move(refusal));
}

void Relay::silent(const Asking& asking) {
  Flight& flight = m_flights.at(asking);
  if (flight.sent) upstream(flight.resolver).give_up(*flight.sent);
  flight.sent.reset();
  flight.passed_over = true;
  fail_attempt(asking, {LookupFault::Timeout, "no reply from the resolver " + name_of(flight.resolver)});
}

void Relay::fail_attempt(const Asking& asking, FailedAnswer why) {
  Flight& flight = m_flights.at(asking);
  flight.failed.insert_or_assign(flight.resolver, std::move(why));
  flight.resolver = (flight.resolver + 1) % m_upstreams.size();
  attempt(asking);
}

/// What each resolver said last, and of that what weighs most.
FailedAnswer Relay::failure_of(const Flight& flight) {
  FailedAnswer sum{LookupFault::Unreachable, ""};
  for (const auto& [resolver, failure] : flight.failed) {
    if (weight_of(failure.fault) > weight_of(sum.fault)) sum.fault = failure.fault;
    sum.reason += (sum.reason.empty() ? "" : ", ") + failure.reason;
  }
  return sum;
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
