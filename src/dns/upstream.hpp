// One resolver, to which questions go and from which octets come that belong to nobody yet: a reply's id was compared and nothing
// else, so the caller must look at the question.
//
// There is no deadline here: whoever has waited enough cancels.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "dns/answer.hpp"
#include "dns/obstacle.hpp"

namespace danelaw::dns {

class EventLoop;
class TlsClient;
struct ResolverAddress;

/// The whole message as it came; empty where there is none.
struct Received {
  Buffer message;
  Obstacle obstacle = {};  ///< why there is none, or none that is whole
};

class Upstream {
 public:
  using Ticket = std::uint64_t;
  using Done = std::function<void(const Received&)>;

  Upstream() = default;
  virtual ~Upstream() = default;  ///< drops every question without calling its `done`
  Upstream(const Upstream&) = delete;
  Upstream& operator=(const Upstream&) = delete;

  /// `done` is called from the loop, never before send() returns.
  virtual Ticket send(const Question& question, Done done) = 0;
  virtual void cancel(Ticket ticket) = 0;
  /// The same, because nothing came in all the time that one should wait.
  virtual void give_up(Ticket ticket) { cancel(ticket); }
  /// What is known of a question that is not answered yet, as it reads after the resolver's name; "" for nothing.
  [[nodiscard]] virtual std::string so_far(Ticket) const { return ""; }
};

/// Over UDP and TCP, or over TLS as the address says. All of them outlive it.
[[nodiscard]] std::unique_ptr<Upstream> make_upstream(EventLoop& loop, const ResolverAddress& address,
                                                      TlsClient& tls);

}  // namespace danelaw::dns
