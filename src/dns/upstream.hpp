// One resolver, asked by getdns as a plain stub: no validation, no memory of its own, no retries. What comes back are octets
// that belong to nobody yet: getdns compares the id of a reply and nothing else, so the caller must look at the question.
//
// UDP first; a truncated reply is fetched again over TCP. There is no deadline here: whoever has waited enough cancels.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "base/bytes.hpp"
#include "dns/answer.hpp"
#include "dns/event_loop.hpp"
#include "dns/getdns_context.hpp"
#include "dns/resolver_address.hpp"

namespace danelaw::dns {

class Upstream final {
 public:
  using Ticket = std::uint64_t;
  using Done = std::function<void(const Buffer& reply)>;  ///< empty where there is none

  Upstream(EventLoop& loop, ResolverAddress address);
  ~Upstream();  ///< drops every question without calling its `done`
  Upstream(const Upstream&) = delete;
  Upstream& operator=(const Upstream&) = delete;

  /// `done` is called from the loop, never before send() returns.
  Ticket send(const Question& question, Done done);
  void cancel(Ticket ticket);

  [[nodiscard]] const ResolverAddress& address() const { return m_address; }

 private:
  struct Flight {
    Upstream& upstream;
    Ticket ticket;
    Done done;
    bool ended = false;
    std::optional<getdns_transaction_t> transaction = {};  // while getdns knows of it
  };

  [[nodiscard]] bool prepare();
  static void on_reply(getdns_context* context, getdns_callback_type_t type, getdns_dict* response,
                       void* user, getdns_transaction_t transaction);
  void finish(Flight& flight, Buffer reply);

  EventLoop& m_loop;
  const ResolverAddress m_address;
  GetdnsLoop m_getdns;
  GetdnsDict m_extensions;
  GetdnsContext m_context;  // made for the first question; after the loop it lives in
  Ticket m_next = 1;
  std::map<Ticket, std::unique_ptr<Flight>> m_flights;
  const std::shared_ptr<Upstream*> m_alive = std::make_shared<Upstream*>(this);
};

}  // namespace danelaw::dns
