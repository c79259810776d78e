// A resolver asked by getdns as a plain stub: no validation, no memory of its own, no retries. UDP first; a truncated reply is
// fetched again over TCP.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "dns/event_loop.hpp"
#include "dns/getdns_context.hpp"
#include "dns/resolver_address.hpp"
#include "dns/upstream.hpp"

namespace danelaw::dns {

class GetdnsUpstream final : public Upstream {
 public:
  GetdnsUpstream(EventLoop& loop, ResolverAddress address);
  ~GetdnsUpstream() override;

  Ticket send(const Question& question, Done done) override;
  void cancel(Ticket ticket) override;

 private:
  struct Flight {
    GetdnsUpstream& upstream;
    Ticket ticket;
    Done done;
    bool ended = false;
    std::optional<getdns_transaction_t> transaction = {};  // while getdns knows of it
  };

  [[nodiscard]] bool prepare();
  static void on_reply(getdns_context* context, getdns_callback_type_t type, getdns_dict* response,
                       void* user, getdns_transaction_t transaction);
  void finish(Flight& flight, Received received);

  EventLoop& m_loop;
  const ResolverAddress m_address;
  GetdnsLoop m_getdns;
  GetdnsDict m_extensions;
  GetdnsContext m_context;  // made for the first question; after the loop it lives in
  Ticket m_next = 1;
  std::map<Ticket, std::unique_ptr<Flight>> m_flights;
  const std::shared_ptr<GetdnsUpstream*> m_alive = std::make_shared<GetdnsUpstream*>(this);
};

}  // namespace danelaw::dns
