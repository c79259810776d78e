// A client of the policy service. It may send requests without waiting for replies; they are answered in order.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "client.hpp"
#include "desk.hpp"

namespace danelaw::policyd {

/// Requests of one client that wait for their answers. What it sends beyond that stays in the socket.
inline constexpr std::size_t max_pipelined = 64;

class SocketmapClient final : public Client {
 public:
  SocketmapClient(EventLoop& loop, Descriptor socket, std::chrono::milliseconds idle, Desk& desk)
      : Client(loop, std::move(socket), idle), m_desk(desk) {}

 protected:
  void take(std::string& input) override;
  [[nodiscard]] bool is_waiting() const override { return !m_replies.empty(); }
  [[nodiscard]] bool has_room() const override { return m_replies.size() < max_pipelined && output_is_low(); }

 private:
  void ask(std::string_view content);
  void put(std::uint64_t number, const Reply& reply);
  void send_what_is_next();

  Desk& m_desk;
  std::deque<std::string> m_replies;  // in the order of the requests; empty: not there yet
  std::uint64_t m_first = 0;          // the number of the request at the front
  bool m_is_taking = false;
};

}  // namespace danelaw::policyd
