#include "dns/getdns_upstream.hpp"

#include <utility>

#include "dns/query.hpp"

namespace danelaw::dns {
namespace {

/// DO, so that signatures come along; CD, so that a validating resolver hands on what it would refuse, and we judge.
GetdnsDict extensions() {
  GetdnsDict made(getdns_dict_create());
  if (made == nullptr) return nullptr;
  const bool good = getdns_dict_set_int(made.get(), "/add_opt_parameters/do_bit", 1) == GETDNS_RETURN_GOOD &&
                    getdns_dict_set_int(made.get(), "/add_opt_parameters/maximum_udp_payload_size",
                                        udp_payload_octets) == GETDNS_RETURN_GOOD &&
                    getdns_dict_set_int(made.get(), "/header/cd", 1) == GETDNS_RETURN_GOOD;
  return good ? std::move(made) : nullptr;
}

/// The whole message as it came; empty where there is none.
Buffer message_of(const getdns_dict* response) {
  getdns_bindata* message = nullptr;
  if (response == nullptr ||
      getdns_dict_get_bindata(response, "/replies_full/0", &message) != GETDNS_RETURN_GOOD)
    return {};
  return {message->data, message->data + message->size};
}

}  // namespace

GetdnsUpstream::GetdnsUpstream(EventLoop& loop, ResolverAddress address)
    : m_loop(loop), m_address(std::move(address)), m_getdns(loop), m_extensions(extensions()) {}

GetdnsUpstream::~GetdnsUpstream() {
  for (auto& [ticket, flight] : m_flights)
    if (flight->transaction) getdns_cancel_callback(m_context.get(), *flight->transaction);
}

bool GetdnsUpstream::prepare() {
  if (m_extensions == nullptr) return false;
  std::string problem;
  if (m_context == nullptr) m_context = stub_context(m_address, m_getdns, problem);
  return m_context != nullptr;
}

GetdnsUpstream::Ticket GetdnsUpstream::send(const Question& question, Done done) {
  const Ticket ticket = m_next++;
  auto& flight = m_flights[ticket];
  flight.reset(new Flight{*this, ticket, std::move(done)});
  if (!prepare()) {
    finish(*flight, {});
    return ticket;
  }
  const std::string name = question.name.is_root() ? "." : question.name.to_text() + ".";
  getdns_transaction_t transaction = 0;
  const getdns_return_t result =
      getdns_general(m_context.get(), name.c_str(), static_cast<std::uint16_t>(question.type),
                     m_extensions.get(), flight.get(), &transaction, on_reply);
  if (flight->ended) return ticket;
  if (result == GETDNS_RETURN_GOOD)
    flight->transaction = transaction;
  else
    finish(*flight, {});
  return ticket;
}

void GetdnsUpstream::cancel(Ticket ticket) {
  const auto flight = m_flights.find(ticket);
  if (flight == m_flights.end()) return;
  // getdns calls back for the last time from within, so the flight goes after it.
  if (flight->second->transaction) getdns_cancel_callback(m_context.get(), *flight->second->transaction);
  m_flights.erase(ticket);
}

void GetdnsUpstream::on_reply(getdns_context*, getdns_callback_type_t type, getdns_dict* response, void* user,
                              getdns_transaction_t) {
  const GetdnsDict owned(response);
  // No exception may cross getdns's frames; a question whose reply is lost for want of memory ends by its deadline.
  try {
    Flight& flight = *static_cast<Flight*>(user);
    flight.transaction.reset();
    if (type == GETDNS_CALLBACK_CANCEL) return;
    flight.upstream.finish(flight, {type == GETDNS_CALLBACK_COMPLETE ? message_of(response) : Buffer()});
  } catch (...) {
  }
}

/// Replies are handed over from the loop, never from within getdns, so that whoever takes them may ask and cancel.
void GetdnsUpstream::finish(Flight& flight, Received received) {
  flight.ended = true;
  m_loop.defer([alive = std::weak_ptr(m_alive), ticket = flight.ticket, received = std::move(received)] {
    const auto upstream = alive.lock();
    if (!upstream) return;
    const auto ended = (*upstream)->m_flights.extract(ticket);
    if (ended.empty()) return;
    ended.mapped()->done(received);
  });
}

}  // namespace danelaw::dns
