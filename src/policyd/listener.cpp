#include "listener.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "failure.hpp"

namespace danelaw::policyd {
namespace {

constexpr std::chrono::milliseconds rest_time{200};
constexpr int most_at_once = 32;

}  // namespace

Listener::Listener(EventLoop& loop, Descriptor socket, Taker taker)
    : m_loop(loop), m_socket(std::move(socket)), m_taker(std::move(taker)) {
  if (!m_loop.watch(m_socket.get(), EPOLLIN, [this](std::uint32_t) { accept_some(); }))
    throw Failure(Exit::Undecided, "a listening socket cannot be watched");
}

Listener::~Listener() {
  m_loop.cancel(m_rest);
  m_loop.forget(m_socket.get());
}

void Listener::pause() {
  m_paused = true;
  m_loop.change(m_socket.get(), 0);
}

void Listener::resume() {
  m_paused = false;
  if (m_rest == no_timer) m_loop.change(m_socket.get(), EPOLLIN);
}

/// Without descriptors the socket would stay readable, and the loop would turn for nothing.
void Listener::rest() {
  m_loop.change(m_socket.get(), 0);
  m_rest = m_loop.after(rest_time, [this] {
    m_rest = no_timer;
    if (!m_paused) m_loop.change(m_socket.get(), EPOLLIN);
  });
}

void Listener::accept_some() {
  for (int i = 0; i < most_at_once && !m_paused && m_rest == no_timer; ++i) {
    Descriptor taken(accept4(m_socket.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (taken.is_open()) {
      m_taker(std::move(taken));
      continue;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) rest();
    if (errno != ECONNABORTED && errno != EINTR) return;
  }
}

}  // namespace danelaw::policyd
