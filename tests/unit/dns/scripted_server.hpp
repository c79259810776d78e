// A DNS server on 127.0.0.1 that answers as a test wants, over UDP, and counts.
#pragma once

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "dns/resolver_address.hpp"
#include "dnssec/message.hpp"
#include "own_socket.hpp"
#include "zone.hpp"

namespace danelaw::dns::test {

/// A reply to the question in `query`, which gives id and question.
struct Made {
  lab::Records answer;
  std::uint16_t flags = 0x8180;  // QR, RD, RA, and the rcode
};

inline Buffer reply_to(const Buffer& query, const Made& made) {
  constexpr std::size_t header = 12;
  ByteReader reader(Bytes(query).subspan(header));
  const std::size_t before = reader.remaining();
  const auto name = DnsName::from_wire(reader);
  const std::size_t question = before - reader.remaining() + 4;
  Buffer out{query[0], query[1]};
  lab::put_u16(out, made.flags);
  for (const std::size_t count : {std::size_t{1}, made.answer.size(), std::size_t{0}, std::size_t{0}})
    lab::put_u16(out, count);
  lab::put(out, Bytes(query).subspan(header, question));
  for (const auto& record : made.answer) {
    lab::put(out, record.owner.wire());
    lab::put_u16(out, static_cast<std::size_t>(record.type));
    lab::put_u16(out, record.dns_class);
    lab::put_u32(out, record.ttl);
    lab::put_u16(out, record.rdata.size());
    lab::put(out, record.rdata);
  }
  return out;
}

class ScriptedServer final {
 public:
  /// The datagrams to send back.
  using Script = std::function<std::vector<Buffer>(const dnssec::Question&, const Buffer& query)>;

  /// Answers come together as soon as nothing has been asked for `quiet`, so that round trips can be counted.
  explicit ScriptedServer(Script script, std::chrono::milliseconds quiet = std::chrono::milliseconds(0))
      : m_script(std::move(script)), m_quiet(quiet), m_thread([this] { serve(); }) {}
  ~ScriptedServer() {
    m_stop = true;
    m_thread.join();
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] ResolverAddress address() const { return {"127.0.0.1", "", m_socket.port()}; }
  [[nodiscard]] int questions() const { return m_questions; }
  [[nodiscard]] int round_trips() const { return m_round_trips; }
  /// All questions so far had RD, CD, and an OPT record with DO.
  [[nodiscard]] bool were_well_formed() const { return m_well_formed; }

 private:
  struct Waiting {
    sockaddr_in from;
    Buffer query;
  };

  void serve() {
    std::vector<Waiting> waiting;
    while (!m_stop) {
      constexpr int look_after = 20;
      pollfd ready{m_socket.number(), POLLIN, 0};
      const int patience = waiting.empty() ? look_after : static_cast<int>(m_quiet.count());
      if (poll(&ready, 1, patience) > 0) {
        receive(waiting);
      } else if (!waiting.empty()) {
        ++m_round_trips;
        for (const Waiting& one : waiting) answer(one);
        waiting.clear();
      }
    }
  }

  void receive(std::vector<Waiting>& waiting) {
    Waiting one{};
    one.query.resize(4096);
    socklen_t size = sizeof one.from;
    const ssize_t octets = recvfrom(m_socket.number(), one.query.data(), one.query.size(), 0,
                                    reinterpret_cast<sockaddr*>(&one.from), &size);
    if (octets < 12) return;
    one.query.resize(static_cast<std::size_t>(octets));
    ++m_questions;
    waiting.push_back(std::move(one));
  }

  void answer(const Waiting& one) {
    const auto message = dnssec::Message::from_wire(one.query);
    if (!message || !message->question()) return;
    bool has_do = false;  // the top bit of the lower half of an OPT record's TTL (RFC 6891 section 6.1.3)
    for (const auto& record : message->additional())
      if (record.type == RrType::Opt) has_do = (record.ttl & 0x8000U) != 0;
    constexpr std::uint16_t recursion_desired = 0x0100;
    constexpr std::uint16_t checking_disabled = 0x0010;
    constexpr std::uint16_t wanted = recursion_desired | checking_disabled;
    if (!has_do || (message->flags() & wanted) != wanted) m_well_formed = false;
    for (const Buffer& datagram : m_script({message->question()->name, message->question()->type}, one.query))
      sendto(m_socket.number(), datagram.data(), datagram.size(), 0,
             reinterpret_cast<const sockaddr*>(&one.from), sizeof one.from);
  }

  const Script m_script;
  const std::chrono::milliseconds m_quiet;
  const OwnSocket m_socket{SOCK_DGRAM};
  std::atomic<bool> m_stop{false};
  std::atomic<bool> m_well_formed{true};
  std::atomic<int> m_questions{0};
  std::atomic<int> m_round_trips{0};
  std::thread m_thread;
};

}  // namespace danelaw::dns::test
