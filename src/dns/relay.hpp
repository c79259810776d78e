// Questions put to the configured resolvers until one of them gives a reply that belongs to the question: retries, failover, and
// one question on its way however many wait for it. Nothing here is validated.
//
// A resolver that is silent is left for the next one, and comes back with twice the patience. One that refuses (SERVFAIL, REFUSED,
// NOTIMP, FORMERR …), or that is not authenticated, is not asked the same again; one that is out of reach is, a few times after a rest.
// Where nobody is left, or all attempts are used up, what each said last is the failure. Whoever waits has a deadline and cancels.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dns/answer.hpp"
#include "dns/attempts.hpp"
#include "dns/event_loop.hpp"
#include "dns/resolver_address.hpp"
#include "dns/tls_client.hpp"
#include "dns/upstream.hpp"
#include "dnssec/message.hpp"

namespace danelaw::dns {

/// What came, and from which resolver. Its rcode is NOERROR or NXDOMAIN.
struct Reply {
  dnssec::Message message;
  std::size_t resolver = 0;
};
using Fetched = std::variant<FailedAnswer, Reply>;

struct RelaySettings {
  std::vector<ResolverAddress> resolvers;          ///< at least one, in the order of preference
  std::string tls_ca_file;                         ///< see TlsClient
  std::chrono::milliseconds first_patience{1000};  ///< for a resolver's first attempt at a question
  std::chrono::milliseconds rest{250};             ///< for one that is out of reach, see Attempts
  std::size_t max_attempts = 12;     ///< at one question, at all resolvers together; at least one at each
  std::size_t max_on_the_wire = 64;  ///< questions; more wait for their turn
  std::chrono::milliseconds shunned_for{60 * 1000};  ///< see shun()
};

class Relay final {
 public:
  using Ticket = std::uint64_t;
  using Done = std::function<void(const std::shared_ptr<const Fetched>&)>;

  Relay(EventLoop& loop, RelaySettings settings);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  /// `done` is called from the loop, never before ask() returns.
  Ticket ask(const Question& question, OnlyResolver only, Done done);
  void cancel(Ticket ticket);

  /// Why there is no answer yet; nothing where that is not known. A timeout as long as somebody is asked.
  [[nodiscard]] std::optional<FailedAnswer> failure_so_far(Ticket ticket) const;

  /// For a while the resolver is asked only where there is no other. False where there is no other already.
  bool shun(std::size_t resolver);

  [[nodiscard]] std::size_t count() const { return m_upstreams.size(); }
  [[nodiscard]] std::string name_of(std::size_t resolver) const {
    return m_settings.resolvers[resolver].to_text();
  }

 private:
  enum class State { Queued, OnTheWire, Resting };
  struct Flight {
    Flight(std::size_t begin_with, std::chrono::milliseconds rest) : attempts(rest), resolver(begin_with) {}
    std::map<Ticket, Done> waiting = {};
    Attempts attempts;
    State state = State::Queued;
    bool passed_over = false;  // a resolver that was no use, and not because of the question
    std::size_t resolver;      // that of the attempt on its way, or the one to begin with
    std::optional<Upstream::Ticket> sent = {};
    EventLoop::TimerId timer = 0;
  };
  struct Asking {
    Question question;
    OnlyResolver only = {};
    friend auto operator<=>(const Asking&, const Asking&) = default;
  };
  using Flights = std::map<Asking, Flight>;

  void start_next();
  void attempt(const Asking& asking);
  void received(const Asking& asking, const Received& received);
  void received_no_answer(const Asking& asking, const std::string& what, const Obstacle& obstacle);
  void received_nothing(const Asking& asking, const Obstacle& obstacle);
  void silent(const Asking& asking);
  void rest(const Asking& asking, Deadline until);
  void fail_attempt(const Asking& asking, FailedAnswer why, Again again);
  void finish(const Asking& asking, Fetched fetched);
  void withdraw(Flight& flight);
  [[nodiscard]] bool is_shunned(std::size_t resolver) const;
  [[nodiscard]] std::optional<std::size_t> resolver_for(const Asking& asking, const Flight& flight,
                                                        Deadline now) const;
  [[nodiscard]] FailedAnswer silence(const Flight& flight, const std::string& known) const;
  [[nodiscard]] std::string who(const Flight& flight) const;
  Upstream& upstream(std::size_t resolver);

  EventLoop& m_loop;
  const RelaySettings m_settings;
  TlsClient m_tls;
  std::vector<std::unique_ptr<Upstream>> m_upstreams;  // made when first needed
  std::vector<Deadline> m_shunned_until;
  std::size_t m_preferred = 0;  // the first that is asked: one that answered where its predecessor was no use
  Ticket m_next = 1;
  std::map<Ticket, Asking> m_tickets;
  Flights m_flights;
  std::deque<Asking> m_queue;  // those that wait for their turn
  std::size_t m_on_the_wire = 0;
};

}  // namespace danelaw::dns
