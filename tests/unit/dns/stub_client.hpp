// The stub engine in a loop of its own, what honest resolvers say to it, and its answers in short words.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dns/event_loop.hpp"
#include "dns/stub_engine.hpp"
#include "scripted_server.hpp"
#include "support.hpp"
#include "world.hpp"

namespace danelaw::dns::test {

using namespace std::chrono_literals;
using tlsa::LookupFault;
using Datagrams = std::vector<Buffer>;

inline const Question signed_tlsa = question("_443._tcp.www.n1.example", RrType::Tlsa);

/// As resolvers do, which follow aliases.
inline lab::Records full_reply(dnssec::Question asked) {
  constexpr int most_aliases = 8;
  lab::Records records = lab::common_world().reply(asked);
  for (int hops = 0; hops < most_aliases && asked.type != RrType::Cname; ++hops) {
    const auto alias = std::ranges::find_if(records, [&](const auto& record) {
      return record.type == RrType::Cname && record.owner == asked.name;
    });
    if (alias == records.end()) break;
    ByteReader target(alias->rdata);
    asked.name = DnsName::from_wire(target).value();
    lab::append(records, lab::common_world().reply(asked));
  }
  return records;
}

inline Datagrams honest(const dnssec::Question& asked, const Buffer& query) {
  return {reply_to(query, {full_reply(asked)})};
}
/// An engine in a loop of its own, asked one question after the other.
class Client final {
 public:
  explicit Client(std::vector<ResolverAddress> resolvers, std::chrono::milliseconds first_patience = 5s,
                  TrustAnchors anchors = lab::common_world().anchors())
      : Client(settings_for(std::move(resolvers), first_patience, std::move(anchors))) {}

  explicit Client(StubSettings settings) {
    std::string problem;
    m_loop = EventLoop::create(problem);
    FailedAnswer failure;
    m_engine = stub_engine(std::move(settings))(*m_loop, failure);
    REQUIRE(m_engine);
  }

  static StubSettings settings_for(std::vector<ResolverAddress> resolvers,
                                   std::chrono::milliseconds first_patience = 5s,
                                   TrustAnchors anchors = lab::common_world().anchors()) {
    StubSettings settings;
    settings.anchors = std::move(anchors);
    settings.resolvers = std::move(resolvers);
    settings.first_patience = first_patience;
    settings.clock = [] { return lab::now; };
    return settings;
  }

  std::vector<Answer> ask_all(const std::vector<Question>& questions,
                              std::chrono::milliseconds deadline = 20s) {
    std::vector<std::optional<Answer>> got(questions.size());
    std::vector<Engine::Ticket> tickets;
    for (std::size_t i = 0; i < questions.size(); ++i)
      tickets.push_back(m_engine->ask(questions[i], [&got, i](const Answer& answer) { got[i] = answer; }));
    const auto end = std::chrono::steady_clock::now() + deadline;
    const auto open = [&got] { return std::ranges::any_of(got, [](const auto& one) { return !one; }); };
    while (open() && std::chrono::steady_clock::now() < end) m_loop->run_once(20ms);
    for (const Engine::Ticket ticket : tickets) m_engine->cancel(ticket);
    std::vector<Answer> answers;
    for (auto& one : got) answers.push_back(one.value_or(FailedAnswer{LookupFault::Cancelled, "no answer"}));
    return answers;
  }
  Answer ask(const Question& question, std::chrono::milliseconds deadline = 20s) {
    return ask_all({question}, deadline).front();
  }
  [[nodiscard]] bool is_idle() const { return m_loop->is_idle(); }

 private:
  std::unique_ptr<EventLoop> m_loop;
  std::unique_ptr<Engine> m_engine;
};

inline std::string word(const Answer& answer) {
  if (const auto* secure = std::get_if<SecureRrset>(&answer)) return "secure " + secure->owner.to_text();
  if (const auto* denial = std::get_if<SecureDenial>(&answer))
    return std::string(denial->name_exists ? "nodata " : "nxdomain ") + denial->owner.to_text();
  if (std::holds_alternative<InsecureAnswer>(answer)) return "insecure";
  return std::string(to_string(std::get<FailedAnswer>(answer).fault));
}
inline std::string reason(const Answer& answer) {
  const auto* failure = std::get_if<FailedAnswer>(&answer);
  return failure == nullptr ? "" : failure->reason;
}
inline bool mentions(const std::string& text, const ResolverAddress& resolver) {
  return text.find(resolver.to_text()) != std::string::npos;
}

}  // namespace danelaw::dns::test
