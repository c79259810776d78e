// One connection from a client: buffers of bounded size, an idle time-out, and an end that comes when all is said.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "descriptor.hpp"
#include "event_loop.hpp"

namespace danelaw::policyd {

class Client : public std::enable_shared_from_this<Client> {
 public:
  Client(EventLoop& loop, Descriptor socket, std::chrono::milliseconds idle);
  virtual ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// `ended` is called once, when the connection is over. False where it cannot be watched.
  bool start(std::function<void()> ended);
  /// Answers what was asked, and ends.
  void leave();

 protected:
  /// Takes from the front of `input` what is complete. Called again when there is more, or after resume().
  virtual void take(std::string& input) = 0;
  /// True while an answer is on its way: such a client is not idle.
  [[nodiscard]] virtual bool is_waiting() const = 0;
  /// True where more input can be dealt with now.
  [[nodiscard]] virtual bool has_room() const = 0;

  void send(std::string_view octets);
  /// Nothing more is read; the connection ends when everything is answered and sent.
  void read_no_more();
  /// What take() had no room for is offered again. The connection may be over afterwards.
  void resume();
  /// Something was completed: the idle time begins anew.
  void made_progress() { m_last_progress = Clock::now(); }
  [[nodiscard]] bool output_is_low() const;

 private:
  void on_event(std::uint32_t events);
  void receive();
  void write_out();
  void settle();
  void end();
  void watch_idleness(std::chrono::milliseconds in);

  EventLoop& m_loop;
  const Descriptor m_socket;
  const std::chrono::milliseconds m_idle;
  std::function<void()> m_ended;
  std::string m_input;
  std::string m_output;
  bool m_input_over = false;
  bool m_is_over = false;
  std::uint32_t m_events = 0;
  TimerId m_timer = no_timer;
  Clock::time_point m_last_progress = Clock::now();
};

}  // namespace danelaw::policyd
