#include "redis_client.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "os/system_errors.hpp"

namespace danelaw::policyd {
namespace {

constexpr std::chrono::milliseconds first_pause{1000};
constexpr std::chrono::milliseconds longest_pause{30'000};
constexpr std::size_t octets_at_once = 16 * 1024;
constexpr std::size_t most_words = 100;  // of a server's complaint

std::string complaint(const RedisReply& reply) {
  return fmt::format("it refuses: {}", reply.text.substr(0, most_words));
}

}  // namespace

RedisClient::RedisClient(EventLoop& loop, RedisSettings settings, Watcher watcher)
    : m_loop(loop), m_settings(std::move(settings)), m_watcher(std::move(watcher)), m_pause(first_pause) {
  connect();
}

RedisClient::~RedisClient() { close(); }

void RedisClient::send(const std::string& command, Done done) {
  const bool may_wait = m_state == State::Up || m_state == State::First;
  if (may_wait && m_asked.size() < most_commands && m_unsent.size() + command.size() <= most_unsent_octets)
    return put(command, std::move(done));
  done(nullptr);
}

void RedisClient::connect() {
  m_timer = no_timer;
  m_socket = connect_to(m_settings.endpoint);
  if (!m_socket.is_open()) return fail(text_of_error(errno));
  m_writing = true;
  const bool watched =
      m_loop.watch(m_socket.get(), EPOLLIN | EPOLLOUT, [this](std::uint32_t events) { on_events(events); });
  if (!watched) return fail("it cannot be watched");
  m_reader.emplace(most_reply_octets);
  greet();
}

/// The last of these tells that the store is there, and that we may use it.
void RedisClient::greet() {
  const Done check = [this](const RedisReply* reply) {
    if (reply != nullptr && reply->kind == RedisReply::Kind::Error) fail(complaint(*reply));
  };
  const RedisSettings& is = m_settings;
  if (!is.password.empty())
    put(is.user.empty() ? redis_command({"AUTH", is.password})
                        : redis_command({"AUTH", is.user, is.password}),
        check);
  if (is.database != 0) put(redis_command({"SELECT", std::to_string(is.database)}), check);
  put(redis_command({"PING"}), [this, check](const RedisReply* reply) {
    if (reply == nullptr || reply->kind == RedisReply::Kind::Error) return check(reply);
    const bool was_away = m_state == State::Trying;
    m_state = State::Up;
    m_up_since = Clock::now();
    if (was_away) m_watcher(std::nullopt);
  });
}

void RedisClient::put(const std::string& command, Done done) {
  m_unsent += command;
  m_asked.push_back({std::move(done), Clock::now()});
  if (m_asked.size() == 1) watch_time();
  if (m_writing) return;
  m_writing = true;  // once for all that is asked in this turn
  m_loop.change(m_socket.get(), EPOLLIN | EPOLLOUT);
}

void RedisClient::on_events(std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) flush();
  if (m_socket.is_open() && (events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) receive();
}

void RedisClient::flush() {
  const ssize_t sent = ::send(m_socket.get(), m_unsent.data(), m_unsent.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN && errno != EINTR) return fail(text_of_error(errno));
  if (sent > 0) m_unsent.erase(0, static_cast<std::size_t>(sent));
  if (!m_unsent.empty()) return;
  m_writing = false;
  m_loop.change(m_socket.get(), EPOLLIN);
}

void RedisClient::receive() {
  std::array<char, octets_at_once> octets{};
  const ssize_t got = recv(m_socket.get(), octets.data(), octets.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got < 0) return fail(text_of_error(errno));
  if (got == 0) return fail("it ended the connection");
  m_reader->feed({octets.data(), static_cast<std::size_t>(got)});
  take_replies();
}

void RedisClient::take_replies() {
  while (const auto reply = m_reader->next()) {
    if (m_asked.empty()) return fail("it answers what nobody asked");
    const Asked asked = std::move(m_asked.front());
    m_asked.pop_front();
    // Not by its greeting, nor soon: one that comes and goes is tried less and less.
    if (m_state == State::Up && Clock::now() - m_up_since > longest_pause) m_pause = first_pause;
    asked.done(&*reply);
    if (!m_socket.is_open()) return;  // its greeting was a refusal
  }
  if (m_reader->is_broken()) return fail("what it says is not the protocol, or too much");
  watch_time();
}

/// Until the reply that is due first. A look too many costs nothing, so the timer stays where it is when that reply has come.
void RedisClient::watch_time() {
  if (m_timer != no_timer || m_asked.empty()) return;
  const auto left = m_asked.front().since + m_settings.timeout - Clock::now();
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(left);
  m_timer = m_loop.after(std::max(wait, std::chrono::milliseconds(1)), [this] {
    m_timer = no_timer;
    const bool is_late = !m_asked.empty() && Clock::now() - m_asked.front().since >= m_settings.timeout;
    if (is_late) return fail(fmt::format("no answer in {} ms", m_settings.timeout.count()));
    watch_time();
  });
}

void RedisClient::fail(const std::string& why) {
  const bool is_news = m_state == State::First || m_state == State::Up;
  m_state = State::Away;
  close();
  m_timer = m_loop.after(m_pause, [this] {
    m_state = State::Trying;
    connect();
  });
  m_pause = std::min(2 * m_pause, longest_pause);
  if (is_news) m_watcher(why);
}

void RedisClient::close() {
  m_loop.cancel(std::exchange(m_timer, no_timer));
  if (m_socket.is_open()) m_loop.forget(m_socket.get());
  m_socket = Descriptor();
  m_unsent.clear();
  for (const Asked& asked : std::exchange(m_asked, {})) asked.done(nullptr);
}

}  // namespace danelaw::policyd
