#include "client.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace danelaw::policyd {
namespace {

constexpr std::size_t read_octets = 4096;
constexpr std::size_t much_output = 65'536;

bool is_passing(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

Client::Client(EventLoop& loop, Descriptor socket, std::chrono::milliseconds idle)
    : m_loop(loop), m_socket(std::move(socket)), m_idle(idle) {}

Client::~Client() {
  if (m_is_over) return;
  m_loop.cancel(m_timer);
  m_loop.forget(m_socket.get());
}

bool Client::start(std::function<void()> ended) {
  m_events = EPOLLIN;
  // The list of clients keeps this one alive until it has ended, and an event keeps it until the event is over.
  if (!m_loop.watch(m_socket.get(), m_events, [this](std::uint32_t events) { on_event(events); }))
    return false;
  m_ended = std::move(ended);
  watch_idleness(m_idle);
  return true;
}

void Client::on_event(std::uint32_t events) {
  const auto self = shared_from_this();
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) return end();
  if ((events & EPOLLOUT) != 0) write_out();
  if ((events & EPOLLIN) != 0 && !m_is_over) receive();
  resume();
}

void Client::receive() {
  if (m_input_over) return;
  std::array<char, read_octets> octets{};
  const ssize_t got = recv(m_socket.get(), octets.data(), octets.size(), 0);
  if (got > 0) m_input.append(octets.data(), static_cast<std::size_t>(got));
  if (got == 0) m_input_over = true;  // it may still wait for answers
  if (got < 0 && !is_passing(errno)) end();
}

void Client::resume() {
  if (m_is_over) return;
  const auto self = shared_from_this();
  // What has been sent makes room for more of what has been read.
  std::size_t before = m_input.size() + 1;
  while (!m_is_over && !m_input.empty() && m_input.size() < before && has_room()) {
    before = m_input.size();
    take(m_input);
    write_out();
  }
  write_out();
  settle();
}

void Client::send(std::string_view octets) { m_output += octets; }

bool Client::output_is_low() const { return m_output.size() < much_output; }

void Client::read_no_more() {
  m_input_over = true;
  m_input.clear();
}

void Client::leave() {
  const auto self = shared_from_this();
  read_no_more();
  settle();
}

void Client::write_out() {
  while (!m_is_over && !m_output.empty()) {
    const ssize_t sent = ::send(m_socket.get(), m_output.data(), m_output.size(), MSG_NOSIGNAL);
    if (sent < 0 && is_passing(errno)) return;
    if (sent < 0) return end();
    m_output.erase(0, static_cast<std::size_t>(sent));
    made_progress();
  }
}

/// What is to be waited for now, or the end.
void Client::settle() {
  if (m_is_over) return;
  if (m_input_over && m_output.empty() && !is_waiting()) return end();
  const bool reads = !m_input_over && has_room();
  const std::uint32_t events = (reads ? EPOLLIN : 0U) | (m_output.empty() ? 0U : EPOLLOUT);
  if (events == m_events) return;
  m_events = events;
  m_loop.change(m_socket.get(), events);
}

void Client::end() {
  if (m_is_over) return;
  m_is_over = true;
  m_loop.cancel(m_timer);
  m_loop.forget(m_socket.get());
  shutdown(m_socket.get(), SHUT_RDWR);
  const auto ended = std::move(m_ended);
  if (ended) ended();
}

void Client::watch_idleness(std::chrono::milliseconds in) {
  m_timer = m_loop.after(in, [this] {
    const auto self = shared_from_this();
    const auto quiet = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - m_last_progress);
    if (quiet >= m_idle && (!is_waiting() || !m_output.empty())) return end();
    watch_idleness(quiet >= m_idle ? m_idle : m_idle - quiet);
  });
}

}  // namespace danelaw::policyd
