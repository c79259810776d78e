// A relay that a test asks, and how the resolvers that it plays answer.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dns/relay.hpp"
#include "played_resolver.hpp"

namespace danelaw::dns::test {

using tlsa::LookupFault;

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A relay in a loop that runs only while a test waits: nothing happens in between, however busy the machine is.
class RelayClient final {
 public:
  explicit RelayClient(std::vector<ResolverAddress> resolvers, std::chrono::milliseconds rest = 10ms,
                       std::chrono::milliseconds first_patience = 20s, std::size_t max_on_the_wire = 64)
      : m_relay(*loop, settings(std::move(resolvers), rest, first_patience, max_on_the_wire)) {}

  Relay::Ticket ask(const Question& question, OnlyResolver only = {}) {
    return m_relay.ask(question, only, [this, question](const std::shared_ptr<const Fetched>& got) {
      m_got[question] = got;
    });
  }
  void cancel(Relay::Ticket ticket) { m_relay.cancel(ticket); }
  bool run_until(const std::function<bool()>& there, std::chrono::milliseconds patience = 20s) const {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!there() && std::chrono::steady_clock::now() < end) loop->run_once(5ms);
    return there();
  }
  bool is_told(const Question& question) {
    return run_until([&] { return m_got.contains(question); });
  }
  bool has_reply(const Question& question) {
    return is_told(question) && std::holds_alternative<Reply>(*m_got[question]);
  }
  /// In the end.
  FailedAnswer failure(const Question& question) {
    if (!is_told(question) || has_reply(question)) return {};
    return std::get<FailedAnswer>(*m_got[question]);
  }
  /// The first that is known while the question is still on its way.
  FailedAnswer failure_so_far(Relay::Ticket ticket) const {
    run_until([&] { return m_relay.failure_so_far(ticket).has_value(); });
    return m_relay.failure_so_far(ticket).value_or(FailedAnswer());
  }

  std::string problem;
  const std::unique_ptr<EventLoop> loop = EventLoop::create(problem);

 private:
  static RelaySettings settings(std::vector<ResolverAddress> resolvers, std::chrono::milliseconds rest,
                                std::chrono::milliseconds first_patience, std::size_t max_on_the_wire) {
    RelaySettings made;
    made.resolvers = std::move(resolvers);
    made.rest = rest;
    made.first_patience = first_patience;
    made.max_on_the_wire = max_on_the_wire;
    return made;
  }

  Relay m_relay;
  std::map<Question, std::shared_ptr<const Fetched>> m_got;
};

/// A reply that can be read, to what our upstreams ask.
inline Buffer whole_answer_to(const Buffer& query) {
  constexpr std::size_t additional_count = 11;
  constexpr std::size_t opt_octets = 11;  // the record without a name is the query's last
  if (query.size() <= additional_count + opt_octets) return {};
  Buffer reply = answer_to(query);
  reply[additional_count] = 0;
  reply.resize(reply.size() - opt_octets);
  return reply;
}

/// The next question over UDP; false where none comes.
inline bool answer_one(const PlayedResolver& resolver) {
  Peer from;
  const Buffer query = resolver.query(from);
  if (!query.empty()) resolver.reply(whole_answer_to(query), from);
  return !query.empty();
}

}  // namespace danelaw::dns::test
