// A resolver asked over TCP (RFC 7766), or over TLS (RFC 7858) and then never in the clear. One connection for all questions on their
// way, kept while it is used and closed when nothing has been asked for a while (RFC 7858 section 3.4). A resolver that closes one
// that had worked is connected to again, and the open questions go there (RFC 7766 section 6.2.4).
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/time.hpp"
#include "dns/event_loop.hpp"
#include "dns/resolver_address.hpp"
#include "dns/stream_connection.hpp"
#include "dns/upstream.hpp"
#include "dns/wrapping.hpp"

namespace danelaw::dns {

/// How long a connection is kept that nobody uses. Within it the next lookup costs no handshake.
inline constexpr std::chrono::seconds kept_idle{10};
/// Replies to no open question in a row that a connection survives: late ones are fewer.
inline constexpr std::size_t max_stray_replies = 256;
/// Questions in a row that nobody answers, until a connection that others use is taken for dead.
inline constexpr std::size_t silences_of_a_dead_one = 2;

class StreamUpstream final : public Upstream, private StreamConnection::Listener {
 public:
  using Wrap = std::function<std::unique_ptr<Wrapping>()>;

  /// `wrap` is called for each connection.
  StreamUpstream(EventLoop& loop, ResolverAddress address, Wrap wrap,
                 std::chrono::milliseconds idle = kept_idle);
  ~StreamUpstream() override;

  Ticket send(const Question& question, Done done) override;
  void cancel(Ticket ticket) override;
  /// A connection on which nothing has come for as long is taken for dead, one that others wait on with the second such question.
  void give_up(Ticket ticket) override;

 private:
  struct Flight {
    Question question;
    Done done;
    Deadline begun;
    std::uint16_t id = 0;
    bool ended = false;
  };

  [[nodiscard]] bool on_message(Buffer message) override;
  void on_closed(Obstacle why) override;
  void put(Ticket ticket, Flight& flight);
  void put_all();
  void finish(Ticket ticket, Received received);
  [[nodiscard]] std::uint16_t fresh_id();
  void look_whether_idle();

  EventLoop& m_loop;
  const ResolverAddress m_address;
  const Wrap m_wrap;
  const std::chrono::milliseconds m_idle;
  std::unique_ptr<StreamConnection> m_connection;
  Deadline m_opened{};      // the connection
  Deadline m_last_heard{};  // a reply on it
  bool m_has_answered = false;
  std::size_t m_strays = 0;
  std::size_t m_silences = 0;
  EventLoop::TimerId m_idle_timer = 0;
  Ticket m_next = 1;
  std::uint16_t m_last_id = 0;
  std::map<Ticket, Flight> m_flights;
  std::map<std::uint16_t, Ticket> m_by_id;  // those on the wire
  const std::shared_ptr<StreamUpstream*> m_alive = std::make_shared<StreamUpstream*>(this);
};

}  // namespace danelaw::dns
