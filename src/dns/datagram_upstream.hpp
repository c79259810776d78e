// A resolver asked over UDP, and over TCP where a reply says that it was cut (RFC 1035 section 4.2.1, RFC 7766 section 5). Each
// question has a socket, and so a port, of its own, and an id that nobody can guess (RFC 5452 section 9.2).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "dns/event_loop.hpp"
#include "dns/own_descriptor.hpp"
#include "dns/resolver_address.hpp"
#include "dns/stream_upstream.hpp"
#include "dns/upstream.hpp"

namespace danelaw::dns {

class DatagramUpstream final : public Upstream {
 public:
  DatagramUpstream(EventLoop& loop, ResolverAddress address);
  ~DatagramUpstream() override;

  Ticket send(const Question& question, Done done) override;
  void cancel(Ticket ticket) override;
  void give_up(Ticket ticket) override;
  [[nodiscard]] std::string so_far(Ticket ticket) const override;

 private:
  struct Flight {
    Flight(const Question& asked, Done told) : question(asked), done(std::move(told)) {}
    const Question question;
    const Done done;
    std::uint16_t id = 0;
    std::optional<OwnDescriptor> socket = {};
    EventLoop::WatchId watch = 0;
    std::optional<Ticket> over_tcp = {};
  };

  [[nodiscard]] Obstacle open(Ticket ticket, Flight& flight);
  void ready(Ticket ticket);
  void ask_over_tcp(Ticket ticket, Flight& flight, Buffer cut);
  void finish(Ticket ticket, const Received& received);

  EventLoop& m_loop;
  const ResolverAddress m_address;
  StreamUpstream m_tcp;
  Ticket m_next = 1;
  std::map<Ticket, Flight> m_flights;
  const std::shared_ptr<DatagramUpstream*> m_alive = std::make_shared<DatagramUpstream*>(this);
};

}  // namespace danelaw::dns
